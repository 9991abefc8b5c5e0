import { failedPrecondition, type AppError } from '@parley/errors';
import { BackOff } from '@parley/resilience';
import type { DataSource, MigrationInterface } from 'typeorm';
import { checkedName } from './connection.js';
import type { Tx } from './transaction.js';
import { fromDriver, sqlstateOf } from './errors.js';

/** A TypeORM migration. Its name ends in a 13-digit timestamp, which gives the order; `down` is never called. */
export type MigrationClass = new () => MigrationInterface;

/** Where a schema's applied migrations are written down; readable, not writable, by the schema's role. */
export const MIGRATIONS_TABLE = 'migrations';

/** The name a migration is recorded under. */
export function migrationName(migration: MigrationClass): string {
  return new migration().name ?? migration.name;
}

/**
 * Runs what is pending in `schema`, each migration in a transaction of its own, and returns the names of what ran. The
 * caller holds the lock that keeps others out.
 * @throws AppError FAILED_PRECONDITION `POSTGRES.SCHEMA_NEWER` when the schema has migrations this build does not know
 */
export async function runMigrations(url: string, schema: string, migrations: MigrationClass[]): Promise<string[]> {
  const source = await openDataSource(url, checkedName(schema), migrations);
  try {
    await refuseNewer(source, schema, migrations);
    const ran = await source.runMigrations({ transaction: 'each' });
    return ran.map(({ name }) => name);
  } catch (thrown) {
    // TypeORM wraps what pg throws; the original says which SQLSTATE it was.
    throw fromDriver((thrown as { driverError?: unknown }).driverError ?? thrown);
  } finally {
    await source.destroy();
  }
}

const nothing = (): void => undefined;

/** TypeORM prints failed migrations even with logging off; they are thrown anyway. */
const SILENT = {
  log: nothing,
  logMigration: nothing,
  logQuery: nothing,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
};

async function openDataSource(url: string, schema: string, migrations: MigrationClass[]): Promise<DataSource> {
  // Loaded here and nowhere else: services run without TypeORM, which costs them memory and half a second.
  const { DataSource: TypeOrm } = await import('typeorm');
  const source = new TypeOrm({
    type: 'postgres',
    url,
    schema,
    migrations,
    migrationsTableName: MIGRATIONS_TABLE,
    installExtensions: false,
    logger: SILENT,
    poolSize: 1,
    applicationName: 'parley-migrate',
    extra: { options: `-c search_path=${schema},public -c statement_timeout=0 -c lock_timeout=30000` },
  });
  return source.initialize().catch((thrown: unknown) => Promise.reject(fromDriver(thrown)));
}

async function refuseNewer(source: DataSource, schema: string, migrations: MigrationClass[]): Promise<void> {
  const table = `${schema}.${MIGRATIONS_TABLE}`;
  const exists = await source.query<{ found: boolean }[]>('select to_regclass($1) is not null as found', [table]);
  if (!exists[0]?.found) return;
  const applied = await source.query<{ name: string }[]>(`select name from ${table} order by timestamp`);
  const known = new Set(migrations.map(migrationName));
  const unknown = applied.filter(({ name }) => !known.has(name));
  if (unknown.length === 0) return;
  const newest = unknown.at(-1)?.name ?? '';
  const message = `Schema ${schema} was migrated by a newer build (it has ${newest}). Run that build or a later one; there is no way back.`;
  throw failedPrecondition('POSTGRES.SCHEMA_NEWER', message, { schema, migration: newest });
}

/** Whether the schema has every migration of this build. More is fine: an older build may serve while a newer rolls out. */
export async function schemaIsCurrent(db: Tx, migrations: readonly MigrationClass[]): Promise<boolean> {
  const wanted = migrations.map(migrationName);
  const sql = `select count(distinct name) as n from ${MIGRATIONS_TABLE} where name = any($1)`;
  const [row] = await db.query<{ n: bigint }>(sql, [wanted]);
  return Number(row?.n ?? 0n) === new Set(wanted).size;
}

/** How `waitForSchema` waits. */
export interface WaitForSchemaOptions {
  /** Ends the wait; what was the matter last is thrown. */
  signal?: AbortSignal;
  /** Told about every attempt that was not it, with one line for the log. */
  onWaiting?: (why: string) => void;
}

const LONGEST_WAIT_MS = 2000;

/**
 * Resolves when the database is there and the schema of `db` has the migrations this build needs. Tries again, at most
 * two seconds apart, without limit: migrations may come later than the services that need them.
 */
export async function waitForSchema(
  db: Tx & { readonly schema: string },
  migrations: readonly MigrationClass[],
  options: WaitForSchemaOptions = {},
): Promise<void> {
  const problemOf = (): Promise<AppError | undefined> =>
    schemaIsCurrent(db, migrations).then(
      (current) => (current ? undefined : behind(db.schema)),
      (thrown: unknown) => (isNotYet(thrown) ? behind(db.schema, thrown) : fromDriver(thrown)),
    );
  await waitUntil(problemOf, options);
}

const CURED_BY_MIGRATING = new Set(['POSTGRES.SCHEMA_BEHIND', 'VAULT.MISSING']);

/** Asks until there is no problem any more, as `waitForSchema` does; throws one that neither waiting nor migrating cures. */
export async function waitUntil(
  problemOf: () => Promise<AppError | undefined>,
  options: WaitForSchemaOptions,
): Promise<void> {
  const backOff = new BackOff(100, LONGEST_WAIT_MS);
  for (;;) {
    const problem = await problemOf();
    if (!problem) return;
    const curable = problem.retryable || CURED_BY_MIGRATING.has(problem.reason);
    if (options.signal?.aborted || !curable) throw problem;
    options.onWaiting?.(problem.message);
    await backOff.wait(options.signal);
  }
}

// Schema or table missing, or no permission for it, or no such role: all of them before the first migration.
const NOT_YET = new Set(['42P01', '3F000', '42501', '42704', '22023']);

function isNotYet(thrown: unknown): boolean {
  const sqlstate = sqlstateOf(thrown);
  return sqlstate !== undefined && NOT_YET.has(sqlstate);
}

function behind(schema: string, cause?: unknown): AppError {
  const error = failedPrecondition(
    'POSTGRES.SCHEMA_BEHIND',
    `Schema ${schema} is not migrated yet; run "npm run db:migrate".`,
  );
  error.cause = cause;
  return error;
}
