import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command } from '../command.js';
import { secret, type Person } from './cast.js';
import { confession } from './paths-webhook.js';
import type { Stage } from './stage.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

function customer(person: Person): Record<string, unknown> {
  const { name, phone, userId, email } = person;
  const notes = [{ at: '2026-11-22T10:00:00Z', text: confession(person) }];
  return { id: `c-${Date.now()}`, name, phone: `+${phone}`, whatsapp_user_id: userId, email, language: 'de', notes };
}

/** Files as operators import them, right and wrong. */
export async function imports(stage: Stage): Promise<void> {
  const person = stage.person();
  const right = customer(person);
  const files: Record<string, string> = {
    'import: right': JSON.stringify([right]),
    'import: not JSON': `[{"name": "${person.name}", "phone": +${person.phone}]`,
    'import: wrong types': JSON.stringify([
      { ...right, id: person.words, phone: person.email, language: person.address, tags: person.card },
    ]),
    'import: unknown fields': JSON.stringify([{ ...right, surprise: person.phone, iban: person.iban }]),
    'import: twice the same phone': JSON.stringify([
      { ...right, id: 'other-1' },
      { ...right, id: 'other-2' },
    ]),
  };
  for (const [path, text] of Object.entries(files)) {
    stage.did(path);
    const folder = await mkdtemp(join(tmpdir(), 'parley-leaks-'));
    await writeFile(join(folder, 'customers.json'), text);
    const { output } = await command(stage.system, 'import', folder);
    stage.record('command output', path, output);
    await rm(folder, { recursive: true, force: true });
  }
}

const word = (): string => Math.random().toString(36).slice(2, 14).padEnd(12, 'x');

/** Starts with settings that are wrong, each of them a secret. */
export async function wrongSettings(stage: Stage): Promise<void> {
  const words = [word(), word(), word(), word(), word()] as const;
  stage.needles.push(...words.map((text, n) => secret(`wrong setting ${n + 1}`, text)));
  const [key, password, url, token, port] = words;
  const cases: Record<string, Record<string, string>> = {
    'start: wrong values': {
      PARLEY_MASTER_KEY: `not-base64-${key}`,
      GATEWAY_PORT: port,
      WHATSAPP_GRAPH_URL: `not a url ${url}`,
      WHATSAPP_IN_DOUBT_WAIT: token,
      DESK_TLS: url,
    },
    'start: a database that is not there': { DATABASE_URL: `postgres://someone:${password}@127.0.0.1:1/parley` },
    'start: a database URL that is none': { DATABASE_URL: `postgres//someone:${password}@nowhere` },
    'start: a broker that is not there': {
      KAFKA_BROKERS: '127.0.0.1:1',
      KAFKA_SASL_USERNAME: 'x',
      KAFKA_SASL_PASSWORD: password,
    },
  };
  for (const [path, env] of Object.entries(cases)) {
    const folder = await mkdtemp(join(tmpdir(), 'parley-leaks-'));
    stage.did(path);
    stage.record('what a failed start says', path, await launch({ PARLEY_DATA_DIR: folder, ...env }));
    await rm(folder, { recursive: true, force: true });
  }
}

const START_MS = 15_000;

/** Runs the launcher until it gives up, or for a while. */
async function launch(env: Record<string, string>): Promise<string> {
  const base = 47_000 + Math.floor(Math.random() * 1000);
  const ports = {
    DESK_PORT: `${base}`,
    OPS_PORT_BASE: `${base + 10}`,
    GRPC_PORT_BASE: `${base + 30}`,
    GATEWAY_PORT: `${base + 50}`,
  };
  const child = spawn(process.execPath, [join(root, 'tools/launcher/main.mjs')], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], SIMULATOR: 'off', ...ports, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const timer = setTimeout(() => child.kill('SIGTERM'), START_MS);
  await new Promise((resolve) => child.on('exit', resolve));
  clearTimeout(timer);
  return said;
}
