// Makes every service's schema and role and brings it to the newest migration, database by database. Prints the variables
// whose login is an administrator's, as JSON.
import { busSchema } from '@parley/event-bus';
import { Database, mayProvision, provision, schemaIsCurrent } from '@parley/postgres';
import { keyRole } from './placement.mjs';

const { places, passwords, strict = false } = JSON.parse(process.env.PARLEY_MIGRATION);

/** Something an operator can put right; its message is all there is to say. */
class Complaint extends Error {}

async function migrationsOf(name) {
  const { migrations } = await import(new URL(`../../apps/${name}/dist/migrations/index.js`, import.meta.url).href);
  return migrations;
}

const away = (variable) =>
  variable === 'DATABASE_URL'
    ? 'it does not answer; check DATABASE_URL, or leave it out for the embedded one.'
    : `${variable}: the database does not answer, or refuses this login.`;

/** Says a failure of a database by the variable that leads there. */
function said(variable, error) {
  if (error instanceof Complaint) return error;
  return new Complaint(error.reason === 'POSTGRES.UNAVAILABLE' ? away(variable) : `${variable}: ${error.message}`);
}

const naming = (variable, work) => work.catch((error) => Promise.reject(said(variable, error)));

async function isAdministrator({ variable, url, trusted }) {
  return trusted || naming(variable, mayProvision(url));
}

/** Does something with a database as its service will, and closes it. */
async function as(url, schema, work) {
  const database = new Database({ url, schema, applicationName: 'parley-migrate', poolSize: 1 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

async function requireSchema({ name, schema, variable, url }) {
  const migrations = await migrationsOf(name);
  const current = await as(url, schema, (database) => schemaIsCurrent(database, migrations)).catch((error) => {
    if (error.reason === 'POSTGRES.UNAVAILABLE') throw said(variable, error);
    return false;
  });
  if (current) return;
  throw new Complaint(
    `${variable}: schema ${schema} is not migrated there, and this login may not do it; run "npm run db:migrate -- ${schema}" with an administrator's URL in ${variable}.`,
  );
}

async function requireVault(logins) {
  const { variable, url } = logins.find((login) => login.variable === 'VAULT_DATABASE_URL') ?? logins[0];
  const there = await as(url, 'vault', (database) => database.query('select vault.vault_id()')).catch((error) => {
    if (error.reason === 'POSTGRES.UNAVAILABLE') throw said(variable, error);
  });
  if (there) return;
  throw new Complaint(
    `${variable}: there are no keys for this login there, and it may not make them; run "npm run db:migrate -- vault" with an administrator's URL in VAULT_DATABASE_URL.`,
  );
}

async function provisionPlace({ residents, vault, guests }, admin, administrators) {
  const schemas = await Promise.all(
    residents.map(async ({ name, schema, variable }) => {
      // Whoever gave a login of the service's own chose its password too.
      const ours = !variable || administrators.has(variable);
      const password = ours ? passwords[schema] : undefined;
      return { name, schema, role: `parley_${schema}`, password, migrations: await migrationsOf(name) };
    }),
  );
  const roles = guests.map((schema) => ({ role: keyRole(schema), password: passwords[schema] }));
  const services = schemas.length > 0 ? [busSchema, ...schemas] : [];
  await naming(admin.variable, provision(admin.url, services, { vault, guests: roles }));
}

/** One database; returns which of its variables hold an administrator's login. */
async function preparePlace(place) {
  const { logins, residents, vault } = place;
  const answers = await Promise.all(logins.map(isAdministrator));
  const administrators = new Set(logins.filter((_, n) => answers[n]).map(({ variable }) => variable));
  const admin = logins.find(({ variable }) => administrators.has(variable));
  if (admin) await provisionPlace(place, admin, administrators);
  else if (strict) {
    throw new Complaint(`${logins[0].variable}: this login may not make roles and schemas; give an administrator's.`);
  }
  const asTheyAre = residents.filter(({ variable }) => variable && !administrators.has(variable));
  for (const resident of strict ? [] : asTheyAre) await requireSchema(resident);
  if (vault && !admin) await requireVault(logins);
  return [...administrators];
}

try {
  const administrators = [];
  for (const place of places) administrators.push(...(await preparePlace(place)));
  process.stdout.write(JSON.stringify(administrators));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
