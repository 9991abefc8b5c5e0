import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { command } from '../command.js';
import { System } from '../system.js';
import { makeSettings, personal, secretNeedles } from './cast.js';
import { HostileGraph } from './hostile-graph.js';
import type { Needle } from './needle.js';
import { OtlpSink } from './otlp-sink.js';
import { brokenRecords, madeSecrets } from './paths-bus.js';
import { deskPaths } from './paths-desk.js';
import { crashes, databaseAway } from './paths-faults.js';
import { grpcPaths } from './paths-grpc.js';
import { imports, wrongSettings } from './paths-operator.js';
import { dialogs, graphTroubles, metaIds } from './paths-talk.js';
import { webhookKinds, webhookRefusals } from './paths-webhook.js';
import { commandLines, databaseOf, filesOf, onDisk, scrape, tablesOf, type Place } from './places.js';
import { Stage } from './stage.js';

/** Everything a run pushes through, in order; faults last. */
const PATHS = [
  webhookKinds,
  webhookRefusals,
  dialogs,
  metaIds,
  graphTroubles,
  deskPaths,
  imports,
  grpcPaths,
  brokenRecords,
  crashes,
  databaseAway,
  wrongSettings,
];

/** What a run has left behind, and what must not be found in it. */
export interface Evidence {
  places: Place[];
  needles: Needle[];
  exercised: ReadonlyMap<string, number>;
  /** Planted in every kind of place that can be planted in: not finding it there means that nobody looked. */
  control: Needle;
}

/** Starts a system with secrets of its own, pushes everything through every path, stops it and collects all it wrote. */
export async function runLeaks(): Promise<Evidence> {
  const settings = makeSettings();
  const sink = await OtlpSink.start();
  const graph = await HostileGraph.start();
  const own = { SIMULATOR: 'off', WHATSAPP_GRAPH_URL: graph.url, WHATSAPP_IN_DOUBT_WAIT: '2s', LOG_LEVEL: 'trace' };
  const system = await System.start({ ...own, ...settings, ...sink.env });
  try {
    const stage = new Stage(system, graph, settings);
    for (const push of PATHS) {
      await push(stage);
      stage.places.push(...(await scrape(system)));
    }
    return await collect(stage, sink, settings);
  } finally {
    await system.dispose();
    await graph.stop();
    await sink.stop();
  }
}

async function collect(stage: Stage, sink: OtlpSink, settings: Record<string, string>): Promise<Evidence> {
  const { system } = stage;
  const { cluster, url } = await databaseOf(system);
  const password = decodeURIComponent(new URL(url).password);
  const secrets = secretNeedles(settings, await madeSecrets(system.dataDir), password);
  const control = await plant(stage, sink, url);
  const living = [...(await commandLines(system)), ...(await tablesOf(url))];
  await system.stop();
  const sent = sink.received.map(({ path, body }): Place => {
    const what = { '/v1/traces': 'traces', '/v1/metrics': 'metrics by OTLP' }[path] ?? 'logs by OTLP';
    return { kind: what, name: path, bytes: body };
  });
  const topics = system.kafkaDir ? await filesOf('topics of Kafka', system.kafkaDir, /\.(time)?index$/) : [];
  const places = [...stage.places, ...living, ...sent, ...topics, ...(await onDisk(system, cluster))];
  return { places, needles: [...secrets, ...stage.needles], exercised: stage.exercised, control };
}

/** Puts something that must be found into places of every kind. */
async function plant(stage: Stage, sink: OtlpSink, url: string): Promise<Needle> {
  const { system, graph } = stage;
  const text = `control-${randomUUID()}`;
  await appendFile(join(system.dataDir, 'logs', 'control.log'), `{"msg":"${text}"}\n`);
  await appendFile(join(system.dataDir, 'control'), text);
  for (const path of ['traces', 'metrics']) await fetch(`${sink.url}/v1/${path}`, { method: 'POST', body: text });
  graph.trouble(text, 'permanent');
  await stage.http('control', graph.url, { method: 'POST', body: JSON.stringify({ to: text }) });
  stage.record('command output', 'control', (await command(system, 'dlq', 'list', text)).output);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('create table public.leak_control (t text)');
  await client.query('insert into public.leak_control values ($1)', [text]);
  await client.end();
  return personal('control', text);
}
