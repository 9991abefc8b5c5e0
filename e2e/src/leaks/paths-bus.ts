import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '@parley/config';
import { createEventBus, eventBusSettings, kafkaOptions, topics, type EventBus, type Topic } from '@parley/event-bus';
import { Database, MasterKey } from '@parley/postgres';
import { createLogger } from '@parley/telemetry';
import { eventually } from '@parley/testing';
import { command } from '../command.js';
import { confession } from './paths-webhook.js';
import { databaseOf } from './places.js';
import type { Stage } from './stage.js';

/** What the launcher made for this installation. */
export async function madeSecrets(dataDir: string): Promise<{ masterKey: string; passwords: Record<string, string> }> {
  return JSON.parse(await readFile(join(dataDir, 'secrets.json'), 'utf8')) as {
    masterKey: string;
    passwords: Record<string, string>;
  };
}

/** The system's own bus, as the gateway would open it. */
async function openBus(stage: Stage): Promise<{ bus: EventBus; close: () => Promise<void> }> {
  const { system } = stage;
  const { masterKey, passwords } = await madeSecrets(system.dataDir);
  const url = new URL((await databaseOf(system)).url);
  url.username = 'parley_gateway';
  url.password = passwords['gateway'] ?? '';
  const database = new Database({ url: url.href, schema: 'gateway', applicationName: 'leaks', poolSize: 2 });
  const bus = createEventBus({
    database,
    kafka: kafkaOptions(loadConfig(eventBusSettings, system.env)),
    service: 'leaks',
    masterKey: MasterKey.fromText(masterKey),
    logger: createLogger('leaks', { level: 'silent' }),
  });
  const close = async (): Promise<void> => {
    await bus.close();
    await database.close();
  };
  return { bus, close };
}

/** Records that no consumer can read, full of personal data: they end in the dead letters. */
export async function brokenRecords(stage: Stage): Promise<void> {
  const person = stage.person();
  const { bus, close } = await openBus(stage);
  const value = Buffer.concat([Buffer.from([0x0a, 0xff, 0xff, 0x7f]), Buffer.from(confession(person))]);
  for (const topic of Object.values(topics)) {
    stage.did('bus: a record that does not decode');
    // Business events carry references only, and their topic is not encrypted: nobody may put a person into them.
    const bytes = topic.encrypted ? value : Buffer.from([0x0a, 0xff, 0xff, 0x7f]);
    const broken: Topic<never> = { ...(topic as unknown as Topic<never>), encode: () => bytes };
    await bus.publish([{ topic: broken, key: `106540352242922:${person.waId}`, value: undefined, id: randomUUID() }]);
  }
  const letters = await eventually(
    async () => {
      const found = await bus.deadLetters.list();
      if (found.length < Object.keys(topics).length) throw new Error(`only ${found.length} dead letters`);
      return found;
    },
    { timeoutMs: 60_000 },
  );
  await close();
  await deadLetterCommands(
    stage,
    letters.map(({ id }) => id),
  );
}

async function run(stage: Stage, kind: string, path: string, ...words: string[]): Promise<void> {
  stage.did(path);
  const [name = '', ...args] = words;
  const { output } = await command(stage.system, name, ...args);
  stage.record(kind, path, output);
}

async function deadLetterCommands(stage: Stage, ids: string[]): Promise<void> {
  const person = stage.person();
  await run(stage, 'command output', 'dlq list', 'dlq', 'list');
  await run(
    stage,
    'command output',
    'dlq show of nothing',
    'dlq',
    'show',
    `whatsapp.inbound.dlq/0/99${person.code}`.slice(0, 24),
  );
  await run(stage, 'what an operator asks to see', 'dlq show', 'dlq', 'show', ids[0] ?? '');
  await run(stage, 'command output', 'dlq replay', 'dlq', 'replay', ids[0] ?? '');
  await run(stage, 'command output', 'audit verify', 'audit', 'verify');
}
