import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Database,
  lockKey,
  migrationName,
  provision,
  startEmbeddedPostgres,
  type ServiceSchema,
} from '@parley/postgres';
import pg from 'pg';
import { sharedPostgresUrl } from './config.js';

/** A database of one spec file, real and empty but for what its services' migrations put there. */
export interface TestDatabase {
  /** Superuser's address of this database. */
  readonly adminUrl: string;
  /** Ends with `close`. The role is the service's own when its schema was provisioned here, so privileges are tested too. */
  database(schema: string, applicationName?: string): Database;
  /** Adds services to this database. */
  provision(services: readonly ServiceSchema[]): Promise<void>;
  /** Closes every `Database` given out and drops the database. */
  close(): Promise<void>;
}

/**
 * Makes a fresh database, cloned from a template that the first caller with the same services prepares. Call it in
 * `beforeAll` and `close` in `afterAll`.
 */
export async function testDatabase(services: readonly ServiceSchema[] = []): Promise<TestDatabase> {
  const server = await testServer();
  const name = `test_${randomBytes(8).toString('hex')}`;
  try {
    const template = await ensureTemplate(server.url, services);
    await admin(server.url, (client) => client.query(`create database ${name} template ${template}`));
  } catch (thrown) {
    await server.stop();
    throw thrown;
  }
  const adminUrl = withDatabase(server.url, name);
  const roles = new Map(services.map(({ schema, role }) => [schema, role]));
  const open: Database[] = [];
  return {
    adminUrl,
    database: (schema, applicationName = schema) => {
      const role = roles.get(schema);
      // Many tests open many of these on one server: what is idle goes soon.
      const database = new Database({ url: adminUrl, schema, role, applicationName, poolSize: 5, idleMs: 500 });
      open.push(database);
      return database;
    },
    provision: async (more) => {
      await provision(adminUrl, more);
      for (const { schema, role } of more) roles.set(schema, role);
    },
    close: async () => {
      await Promise.all(open.map((database) => database.close()));
      await admin(server.url, (client) => client.query(`drop database ${name} with (force)`));
      await server.stop();
    },
  };
}

async function testServer(): Promise<{ url: string; stop(): Promise<void> }> {
  if (sharedPostgresUrl) return { url: sharedPostgresUrl, stop: () => Promise.resolve() };
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-test-'));
  // PostgreSQL runs under another account when the tests run as root, and has to get in.
  await chmod(dataDir, 0o755);
  const server = await startEmbeddedPostgres({ dataDir, port: 0 });
  return { url: server.url, stop: () => server.destroy() };
}

/** The template's name says what is in it, so that services that changed get another one. */
async function ensureTemplate(url: string, services: readonly ServiceSchema[]): Promise<string> {
  const content = services.map(({ schema, role, password, migrations }) => {
    const sources = migrations.map((migration) => [migrationName(migration), migration.toString()]);
    return { schema, role, password, sources };
  });
  const name = `template_${createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16)}`;
  await admin(url, async (client) => {
    await client.query('select pg_advisory_lock($1)', [lockKey(`test.${name}`)]);
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount) return;
    // Renamed when complete: a run killed half-way leaves no template that lacks a table.
    await client.query(`drop database if exists ${name}_half with (force)`);
    await client.query(`create database ${name}_half`);
    await provision(withDatabase(url, `${name}_half`), services);
    await client.query(`alter database ${name}_half rename to ${name}`);
  });
  return name;
}

async function admin(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'parley-testing' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.toString();
}
