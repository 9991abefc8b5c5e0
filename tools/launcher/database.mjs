// The databases of `npm start`: embedded, or those the environment names; roles and schemas either way.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './paths.mjs';
import { comesForKeys, keyRole, owners, placesOf } from './placement.mjs';
import { databaseVariable } from './services.mjs';

/** Starts the embedded Postgres. Loaded late: with a DATABASE_URL it is not needed. */
export async function startEmbedded(dataDir, log, port = 0) {
  const { startEmbeddedPostgres } = await import('@parley/postgres');
  return startEmbeddedPostgres({ dataDir, port, log });
}

function asRole(url, role, password) {
  const own = new URL(url);
  own.username = role;
  own.password = password;
  return own.href;
}

/**
 * Each service's own URLs: of its tables, and of its keys where those are elsewhere.
 * @param {Set<string>} made variables whose login is an administrator's: their services get roles of ours
 */
function urlsOf({ env, sharedUrl, passwords }, made) {
  const tables = owners.map((service) => {
    const [variable, role] = [databaseVariable(service), `parley_${service.schema}`];
    const given = env[variable];
    const url = given && !made.has(variable) ? given : asRole(given || sharedUrl, role, passwords[service.schema]);
    return [variable, url];
  });
  const given = env.VAULT_DATABASE_URL;
  const keys = owners
    .filter((service) => comesForKeys(service, env, sharedUrl))
    .map(({ name, schema }) => {
      const minted = () => asRole(given || sharedUrl, keyRole(schema), passwords[schema]);
      return [name, given && !made.has('VAULT_DATABASE_URL') ? given : minted()];
    });
  return { urls: Object.fromEntries(tables), vaultUrls: Object.fromEntries(keys) };
}

/**
 * Makes roles and schemas and migrates them, where the logins may do that, and makes sure that the rest is migrated; in a
 * process of its own: the ORM is heavy and needed only here.
 * @param {{ places: object[], passwords: Record<string, string>, strict?: boolean }} work `strict`: every login must be an administrator's
 * @returns {Promise<Set<string>>} variables whose login is an administrator's
 * @throws Error with one line that names the variable
 */
export function migrate(work) {
  const script = fileURLToPath(new URL('./migrate.mjs', import.meta.url));
  const env = { ...process.env, PARLEY_MIGRATION: JSON.stringify(work) };
  const child = spawn(process.execPath, [script], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [answer, why] = ['', ''];
  child.stdout.on('data', (part) => (answer += part));
  child.stderr.on('data', (part) => (why += part));
  return new Promise((resolve, reject) => {
    child.on('close', (code) =>
      code === 0
        ? resolve(new Set(JSON.parse(answer)))
        : reject(new Error(`The database cannot be made ready: ${why.trim()}`)),
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
async function migrateOnce(work, dataDir) {
  const stamp = join(dataDir, 'schema-version');
  const version = schemaVersion();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === version) return;
  await migrate(work);
  writeFileSync(stamp, version);
}

/**
 * Leaves every database ready for its services.
 * @param {{ env: NodeJS.ProcessEnv, sharedUrl?: string, passwords: Record<string, string>, embedded?: string }} around
 *   `sharedUrl`: an administrator's; `embedded`: the data folder, when the shared database is the one inside it
 * @returns {Promise<{ urls: Record<string, string>, vaultUrls: Record<string, string>}>} by variable, and by service
 */
export async function prepareDatabases(around) {
  const { env, sharedUrl, passwords, embedded } = around;
  const places = placesOf(env, sharedUrl);
  const work = { places, passwords };
  const onlyEmbedded = embedded && places.length === 1 && places[0].logins.length === 1;
  if (!onlyEmbedded) return urlsOf(around, await migrate(work));
  await migrateOnce(work, embedded);
  return urlsOf(around, new Set());
}
