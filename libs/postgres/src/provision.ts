import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@parley/errors';
import pg from 'pg';
import { checkedName } from './connection.js';
import { fromDriver, sqlstateOf } from './errors.js';
import { MIGRATIONS_TABLE, runMigrations, type MigrationClass } from './migrations.js';
import { lockKey } from './session.js';
import { vaultMigrations } from './vault-schema.js';

/** One schema, and who may use it. */
export interface ServiceSchema {
  /** For messages. */
  name: string;
  schema: string;
  /**
   * The role that reads and writes the schema's tables. Without one the schema is shared: every role of the same call may
   * execute its SECURITY DEFINER functions, and nobody may touch its tables.
   */
  role?: string;
  /** Lets the role log in by itself; without one it is only a session role of a shared login. */
  password?: string;
  migrations: MigrationClass[];
}

/** A role without tables of its own in this database: it comes for the keys. */
export interface Guest {
  role: string;
  /** Lets the role log in by itself. */
  password?: string;
}

/** What `provision` does beside the services' own schemas. */
export interface ProvisionOptions {
  /** Whether this database holds keys (the schema `vault`); default true. False where the services use the vault of another. */
  vault?: boolean;
  /** Roles of services that live in other databases and use this vault. */
  guests?: readonly Guest[];
}

/** Keys of persons and topics; part of a database unless it is told to do without. */
const VAULT: ServiceSchema = { name: 'vault', schema: 'vault', migrations: vaultMigrations };

const LOCK = lockKey('parley.provision');

/**
 * Makes roles and schemas that are missing, migrates every schema forward, and grants each role its own tables and the
 * shared functions, nothing else. Safe to run again, and by several at a time: one works, the others wait and find it done.
 * @throws AppError `POSTGRES.SCHEMA_NEWER` for a schema of a newer build; what was done for others before stays done
 */
export async function provision(
  adminUrl: string,
  services: readonly ServiceSchema[],
  options: ProvisionOptions = {},
): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'parley-provision' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await provisionAll(client, adminUrl, services, options);
  } catch (thrown) {
    throw fromDriver(thrown);
  } finally {
    // Ends the session and with it the lock.
    await client.end().catch(() => undefined);
  }
}

/**
 * Whether this login may do what `provision` does: make roles, and schemas in this database.
 * @throws AppError `POSTGRES.UNAVAILABLE`
 */
export async function mayProvision(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, application_name: 'parley-provision' });
  client.on('error', () => undefined);
  const sql = `select (rolsuper or rolcreaterole) and has_database_privilege(current_database(), 'create') as may
    from pg_roles where rolname = current_user`;
  try {
    await client.connect();
    const { rows } = await client.query<{ may: boolean }>(sql);
    return rows[0]?.may ?? false;
  } catch (thrown) {
    throw fromDriver(thrown);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function provisionAll(
  client: pg.Client,
  adminUrl: string,
  services: readonly ServiceSchema[],
  { vault = true, guests = [] }: ProvisionOptions,
): Promise<void> {
  // Shared schemas first: a service's migrations may call their functions.
  const shared = [...(vault ? [VAULT] : []), ...services.filter(({ role }) => role === undefined)];
  const owned = services.filter(({ role }) => role !== undefined);
  const roles = owned.map(({ role }) => checkedName(role ?? ''));
  for (const each of [...owned, ...guests]) await ensureRole(client, each);
  await restrictPublic(client);
  for (const service of [...shared, ...owned]) await migrate(client, adminUrl, service);
  for (const { schema } of shared) await grantFunctions(client, checkedName(schema), roles);
  if (vault) await grantFunctions(client, VAULT.schema, [...roles, ...guests.map(({ role }) => role)]);
  for (const { schema, role } of owned) await grantTables(client, checkedName(schema), checkedName(role ?? ''));
}

async function migrate(client: pg.Client, adminUrl: string, service: ServiceSchema): Promise<void> {
  const schema = checkedName(service.schema);
  await client.query(`create schema if not exists ${schema}`);
  await client.query(`revoke all on schema ${schema} from public`);
  try {
    await runMigrations(adminUrl, schema, service.migrations);
  } catch (thrown) {
    const error = AppError.from(thrown);
    const { code, reason, details, cause } = error;
    if (reason !== 'POSTGRES.FAILED') throw error;
    // Migrations hold no customer's values, so here the server's own words may be said.
    const why = (cause as Error | undefined)?.message ?? error.message;
    throw new AppError({ code, reason, message: `Migrating ${service.name} failed: ${why}`, details, cause });
  }
}

/** Roles belong to the whole server, the lock to one database: somebody else may be making the same role right now. */
async function ensureRole(client: pg.Client, { role, password }: Partial<Guest>): Promise<void> {
  const name = checkedName(role ?? '');
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [name]);
  if (rowCount === 0) {
    const attributes = 'login nosuperuser nocreatedb nocreaterole noinherit noreplication';
    await ignoring(['42710', '23505'], () => client.query(`create role ${name} ${attributes}`));
  }
  if (password !== undefined) {
    await alone(() => client.query(`alter role ${name} password ${pg.escapeLiteral(password)}`));
  }
  // An administrator who is no superuser may create roles but, since PostgreSQL 16, not take their place unasked.
  const { rows } = await client.query<{ may: boolean }>(`select pg_has_role($1, 'SET') as may`, [name]);
  if (!rows[0]?.may) await alone(() => client.query(`grant ${name} to current_user with set true, inherit false`));
}

async function ignoring(sqlstates: string[], work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (!sqlstates.includes(sqlstateOf(thrown) ?? '')) throw thrown;
  }
}

/** Tries again while the server says "tuple concurrently updated" (XX000): two sessions changed the same catalogue row. */
async function alone(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const done = await work().then(
      () => true,
      (thrown: unknown) => sqlstateOf(thrown) !== 'XX000' && Promise.reject(fromDriver(thrown)),
    );
    if (done) return;
    await sleep(10 + attempt * 5);
  }
  await work();
}

/** What PUBLIC, and so every role, may do by default: temporary tables, and (before PostgreSQL 15) tables in `public`. */
async function restrictPublic(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select quote_ident(current_database()) as name');
  await alone(() => client.query(`revoke temporary on database ${rows[0]?.name} from public`));
  await ignoring(['42501'], () => client.query('revoke create on schema public from public'));
}

async function grantTables(client: pg.Client, schema: string, role: string): Promise<void> {
  await client.query(`
    begin;
    grant usage on schema ${schema} to ${role};
    grant select, insert, update, delete on all tables in schema ${schema} to ${role};
    grant usage, select on all sequences in schema ${schema} to ${role};
    revoke all on all functions in schema ${schema} from public;
    grant execute on all functions in schema ${schema} to ${role};
    alter default privileges in schema ${schema} grant select, insert, update, delete on tables to ${role};
    alter default privileges in schema ${schema} grant usage, select on sequences to ${role};
    revoke insert, update, delete on ${schema}.${MIGRATIONS_TABLE} from ${role};
    commit`);
}

async function grantFunctions(client: pg.Client, schema: string, roles: readonly string[]): Promise<void> {
  await client.query(`revoke all on all functions in schema ${schema} from public`);
  if (roles.length === 0) return;
  const { rows } = await client.query<{ signature: string }>(
    `select p.oid::regprocedure::text as signature from pg_proc p
     where p.pronamespace = $1::regnamespace and p.prosecdef order by 1`,
    [schema],
  );
  await client.query(`grant usage on schema ${schema} to ${roles.join(', ')}`);
  for (const { signature } of rows) await client.query(`grant execute on function ${signature} to ${roles.join(', ')}`);
}
