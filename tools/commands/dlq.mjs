// npm run dlq -- list|show|replay: the records no consumer could handle, on the bus of the running (or configured) Parley.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '@parley/config';
import { createEventBus, eventBusSettings, kafkaOptions, topicsByName } from '@parley/event-bus';
import { Database, MasterKey } from '@parley/postgres';
import { createLogger, maskValue } from '@parley/telemetry';
import { dataDir } from '../launcher/paths.mjs';
import { keyRole, separateDatabases } from '../launcher/placement.mjs';

const USAGE = `npm run dlq -- list [topic]            what lies in the dead letters, newest first
npm run dlq -- show <id>              one of them, with its value
npm run dlq -- replay <id>            give it to its consumers again (they dedupe)
npm run dlq -- replay --topic <topic> all of a topic that were not replayed before`;

const hint = 'Start Parley first (npm start), or set DATABASE_URL and PARLEY_MASTER_KEY.';

class Complaint extends Error {}

/** The port of the embedded Postgres, from the file the server itself keeps while it runs. */
function embeddedPort(folder) {
  const location = join(folder, 'postgres-location');
  const home = existsSync(location) ? readFileSync(location, 'utf8').trim() : join(folder, 'postgres');
  const pidFile = join(home, 'cluster/postmaster.pid');
  if (!existsSync(pidFile)) throw new Complaint(`No Parley runs on ${folder}. ${hint}`);
  return readFileSync(pidFile, 'utf8').split('\n')[3];
}

function secretsOf(folder) {
  const file = join(folder, 'secrets.json');
  if (!existsSync(file)) throw new Complaint(`There is no Parley in ${folder}. ${hint}`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

function embeddedUrl(folder, role) {
  const password = encodeURIComponent(secretsOf(folder).passwords.audit);
  return `postgres://${role}:${password}@127.0.0.1:${embeddedPort(folder)}/parley`;
}

/** As the audit service's role: it may read and write the bus, and nobody else's tables. */
function openDatabase(env) {
  const common = { schema: 'audit', applicationName: 'parley-dlq', poolSize: 2 };
  if (env.AUDIT_DATABASE_URL) return new Database({ ...common, url: env.AUDIT_DATABASE_URL });
  if (env.DATABASE_URL) return new Database({ ...common, url: env.DATABASE_URL, role: 'parley_audit' });
  return new Database({ ...common, url: embeddedUrl(dataDir(env), 'parley_audit') });
}

/** The database of the keys, when it is another than the audit service's; undefined: the same. */
function openVault(env) {
  const common = { schema: 'vault', applicationName: 'parley-dlq', poolSize: 2 };
  if (env.VAULT_DATABASE_URL) return new Database({ ...common, url: env.VAULT_DATABASE_URL });
  // Without a URL of its own the audit service lives where the keys are.
  if (!env.AUDIT_DATABASE_URL || !separateDatabases(env)) return undefined;
  const role = keyRole('audit');
  if (env.DATABASE_URL) return new Database({ ...common, url: env.DATABASE_URL, role });
  const folder = dataDir(env);
  return new Database({ ...common, url: embeddedUrl(folder, role) });
}

async function masterKey(env) {
  if (env.PARLEY_MASTER_KEY_FILE) return MasterKey.fromFile(env.PARLEY_MASTER_KEY_FILE);
  return MasterKey.fromText(env.PARLEY_MASTER_KEY || secretsOf(dataDir(env)).masterKey);
}

const second = (date) => date.toISOString().slice(0, 19).replace('T', ' ');

async function list(letters, topic) {
  if (topic && !topicsByName.has(topic)) throw new Complaint(`There is no topic ${topic}.`);
  const found = await letters.list(topic);
  if (found.length === 0) {
    console.log('No dead letters.');
    return;
  }
  for (const { id, at, reason, attempts, replayedAt } of found) {
    const replayed = replayedAt ? `replayed ${second(replayedAt)}` : '';
    console.log([id.padEnd(48), second(at), reason.padEnd(28), `tried ${attempts}x`, replayed].join('  ').trimEnd());
  }
  console.log(`${found.length} ${found.length === 1 ? 'dead letter' : 'dead letters'}.`);
}

/** Bytes that are text show as text; numbers too large for JSON as text. */
function readable(_key, value) {
  if (typeof value === 'bigint') return String(value);
  if (value?.type !== 'Buffer' || !Array.isArray(value.data)) return value;
  const bytes = Buffer.from(value.data);
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : bytes.toString('base64');
}

function decoded(topic, value) {
  try {
    return topicsByName.get(topic).decode(value);
  } catch {
    return undefined;
  }
}

async function show(letters, id) {
  const { value, ...about } = await letters.show(id);
  console.log(JSON.stringify(about, readable, 2));
  if (!value) {
    console.log('The value can no longer be read: its key is gone.');
    return;
  }
  const message = decoded(about.topic, value);
  if (message === undefined)
    console.log(`The value does not decode (base64): ${Buffer.from(value).toString('base64')}`);
  else console.log(JSON.stringify(maskValue(JSON.parse(JSON.stringify(message, readable))), null, 2));
}

async function replay(letters, [first, topic]) {
  const which = first === '--topic' ? { topic } : { id: first };
  const replayed = await letters.replay(which);
  console.log(replayed === 0 ? 'There was nothing to replay.' : `Replayed: ${replayed}.`);
}

/** How many words each command takes. */
const COMMANDS = {
  list: { run: (letters, [topic]) => list(letters, topic), takes: (words) => words.length <= 1 },
  show: { run: (letters, [id]) => show(letters, id), takes: (words) => words.length === 1 },
  replay: {
    run: replay,
    takes: (words) => (words[0] === '--topic' ? words.length === 2 : words.length === 1),
  },
};

async function work(command, words) {
  const env = process.env;
  const key = await masterKey(env);
  const vault = openVault(env);
  const database = openDatabase(env);
  const logger = createLogger('dlq', { level: 'silent' });
  const kafka = kafkaOptions(loadConfig(eventBusSettings, env));
  const bus = createEventBus({ database, vault, kafka, service: 'dlq', masterKey: key, logger });
  try {
    await command.run(bus.deadLetters, words);
  } finally {
    await bus.close();
    await database.close();
    await vault?.close();
  }
}

export async function main(args) {
  const [name, ...words] = args;
  const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name] : undefined;
  if (!command?.takes(words)) {
    console.error(USAGE);
    return name === '--help' ? 0 : 2;
  }
  try {
    await work(command, words);
    return 0;
  } catch (error) {
    console.error(error.code === 'UNAVAILABLE' ? `${error.message} ${hint}` : error.message);
    return 1;
  }
}
