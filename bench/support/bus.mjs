// The bus of a running system, for records that no webhook would bring.
import { readFileSync } from 'node:fs';
import { loadConfig } from '@parley/config';
import { createEventBus, eventBusSettings, kafkaOptions } from '@parley/event-bus';
import { Database, MasterKey } from '@parley/postgres';
import { createLogger } from '@parley/telemetry';

/** The settings of a running process; only what it knows itself leads to its bus. */
function environmentOf(pid) {
  const lines = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** The bus of a system, reached as its gateway reaches it; the caller closes it. */
export async function busOf(system) {
  const env = environmentOf(system.pids().get('gateway')[0]);
  const database = new Database({
    url: env.GATEWAY_DATABASE_URL,
    schema: 'gateway',
    applicationName: 'parley-bench',
    poolSize: 2,
  });
  const masterKey = env.PARLEY_MASTER_KEY_FILE
    ? await MasterKey.fromFile(env.PARLEY_MASTER_KEY_FILE)
    : MasterKey.fromText(env.PARLEY_MASTER_KEY);
  const logger = createLogger('bench', { level: 'silent' });
  const kafka = kafkaOptions(loadConfig(eventBusSettings, env));
  const bus = createEventBus({ database, kafka, service: 'bench', masterKey, logger });
  const close = async () => {
    await bus.close();
    await database.close();
  };
  return { bus, close };
}
