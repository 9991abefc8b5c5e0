// Starts the bare pipeline: the ceiling's server for intake, gRPC services, brain, sender; Postgres and a broker of its own.
import { fork } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { startEmbedded } from '../../tools/launcher/database.mjs';
import { freePort } from '../../tools/ports.mjs';
import { startBroker } from '../support/system.mjs';
import { SECRET } from '../support/webhooks.mjs';

const PARTITIONS = 6;
const [INBOUND, OUTBOUND] = ['bench.inbound', 'bench.outbound'];

const SCHEMA = `create table inbox (id text primary key);
create table conversations (key text primary key, replies int not null);
create table outbox (id bigint generated always as identity primary key, key text not null, value text not null)`;

function start(file, env) {
  // kafkajs reckons with a time that is long past, and Node says so.
  const execArgv = ['--disable-warning=TimeoutNegativeWarning'];
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv, env: { ...process.env, ...env } });
  const ready = new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`${file} ended at its start (${code}).`)));
  });
  return { child, ready };
}

async function createTopics(brokers) {
  const admin = new Kafka({ clientId: 'bench', brokers: [brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const topics = [INBOUND, OUTBOUND].map((topic) => ({ topic, numPartitions: PARTITIONS }));
  await admin.createTopics({ topics, waitForLeaders: true });
  await admin.disconnect();
}

/** @returns {Promise<{ port: number, stop(): Promise<void> }>} when everything consumes */
export async function startPipeline(graphUrl) {
  const broker = await startBroker('kafka');
  const children = [];
  let postgres;
  const stop = async () => {
    for (const child of children) child.kill();
    await postgres?.destroy();
    await broker.stop();
  };
  try {
    postgres = await startEmbedded(mkdtempSync(join(tmpdir(), 'parley-bench-')), () => undefined);
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query(SCHEMA);
    await client.end();
    await createTopics(broker.brokers);
    const env = { BROKERS: broker.brokers, INBOUND, OUTBOUND, DATABASE_URL: postgres.url, GRAPH_URL: graphUrl, SECRET };
    const port = await freePort();
    Object.assign(env, { GRPC_PORT: String(await freePort()), PORT: String(port), TOPIC: INBOUND });
    for (const file of ['./services.mjs', './brain.mjs', './sender.mjs', '../ceiling/server.mjs']) {
      const { child, ready } = start(file, env);
      children.push(child);
      await ready;
    }
    return { port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
