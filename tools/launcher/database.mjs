// The database of `npm start`: embedded, or the one DATABASE_URL names; roles and schemas either way.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './paths.mjs';
import { databaseVariable, services } from './services.mjs';

const owners = services.filter(({ schema }) => schema);

/** Starts the embedded Postgres. Loaded late: with a DATABASE_URL it is not needed. */
export async function startEmbedded(dataDir, log, port = 0) {
  const { startEmbeddedPostgres } = await import('@parley/postgres');
  return startEmbeddedPostgres({ dataDir, port, log });
}

/** Which database a URL means; roles and passwords differ between services and do not matter. */
function placeOf(url) {
  if (!url) return 'shared';
  if (!URL.canParse(url)) return url;
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

/** Whether services are told to live in different databases; then the embedded log cannot join them. */
export function separateDatabases(env) {
  const places = owners.map((service) => placeOf(env[databaseVariable(service)] || env.DATABASE_URL));
  return new Set(places).size > 1;
}

/** Each service's own URL: its role on the shared database, or what the environment says. */
export function serviceUrls(adminUrl, passwords, env) {
  return Object.fromEntries(
    owners.map((service) => {
      const given = env[databaseVariable(service)];
      if (given) return [databaseVariable(service), given];
      const url = new URL(adminUrl);
      url.username = `parley_${service.schema}`;
      url.password = passwords[service.schema];
      return [databaseVariable(service), url.href];
    }),
  );
}

/** Makes roles and schemas and migrates them, in a process of its own: the ORM is heavy and needed only here. */
export function migrate(adminUrl, passwords) {
  const script = fileURLToPath(new URL('./migrate.mjs', import.meta.url));
  const env = { ...process.env, DATABASE_URL: adminUrl, PARLEY_ROLE_PASSWORDS: JSON.stringify(passwords) };
  const child = spawn(process.execPath, [script], { cwd: root, env, stdio: ['ignore', 'inherit', 'pipe'] });
  let why = '';
  child.stderr.on('data', (part) => (why += part));
  return new Promise((resolve, reject) => {
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`The database cannot be made ready: ${why.trim()}`)),
    );
  });
}

/** Everything that decides what the schemas look like: the migrations, and the libraries that bring schemas of their own. */
function schemaVersion() {
  const folders = [
    ...owners.map(({ name }) => `apps/${name}/dist/migrations`),
    'libs/postgres/dist',
    'libs/event-bus/dist',
  ];
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = readdirSync(join(root, folder), { recursive: true }).filter((file) => file.endsWith('.js'));
    for (const file of files.sort()) hash.update(file).update(readFileSync(join(root, folder, file)));
  }
  return hash.digest('hex');
}

/**
 * Migrates the embedded database unless this build has done so before: its data folder remembers. Seconds of every start
 * but the first.
 */
export async function migrateOnce(adminUrl, passwords, dataDir) {
  const stamp = join(dataDir, 'schema-version');
  const version = schemaVersion();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === version) return;
  await migrate(adminUrl, passwords);
  writeFileSync(stamp, version);
}
