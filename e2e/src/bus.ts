import { readFile } from 'node:fs/promises';
import { loadConfig } from '@parley/config';
import { createEventBus, eventBusSettings, kafkaOptions, type EventBus } from '@parley/event-bus';
import { Database, MasterKey } from '@parley/postgres';
import { createLogger } from '@parley/telemetry';
import type { System } from './system.js';

/** The bus of a running system, reached as its gateway reaches it; for records that no gateway would write. */
export async function busOf(system: System): Promise<{ bus: EventBus; close(): Promise<void> }> {
  const [pid] = await system.pidsOf('gateway');
  const lines = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0');
  const env = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const url = env['GATEWAY_DATABASE_URL'] ?? '';
  const database = new Database({ url, schema: 'gateway', applicationName: 'parley-e2e', poolSize: 2 });
  const { PARLEY_MASTER_KEY: text = '', PARLEY_MASTER_KEY_FILE: file } = env;
  const masterKey = file ? await MasterKey.fromFile(file) : MasterKey.fromText(text);
  const logger = createLogger('e2e', { level: 'silent' });
  const kafka = kafkaOptions(loadConfig(eventBusSettings, env));
  const bus = createEventBus({ database, kafka, service: 'e2e', masterKey, logger });
  const close = async (): Promise<void> => {
    await bus.close();
    await database.close();
  };
  return { bus, close };
}
