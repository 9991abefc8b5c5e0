import { createHash } from 'node:crypto';
import { invalidArgument } from '@parley/errors';
import pg from 'pg';

/** How a service reaches its schema. */
export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database`; TLS by the usual `sslmode` parameter. */
  url: string;
  /** The service's own schema; it comes first on the search path, before `public`. */
  schema: string;
  /** Session role, set by `-c role=`: for a `DATABASE_URL` shared by all services. */
  role?: string;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
  /** Most connections held at a time; default 10. */
  poolSize?: number;
  /** Milliseconds after which a connection that nobody uses is closed; default 30,000. */
  idleMs?: number;
}

/** Time limits of every connection. A statement beyond 30 s holds locks that others wait for; better to fail and run again. */
const SESSION = {
  statement_timeout: '30000',
  idle_in_transaction_session_timeout: '60000',
  TimeZone: 'UTC',
  // Prepared statements keep the plan they got when their table was new and empty: to read the whole of it. All of ours go by a
  // key, so a plan that uses the index is the right one from the first row on; where there is none the table is still read.
  enable_seqscan: 'off',
  // Lets the server notice a vanished client, whose locks it would otherwise keep for two hours.
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
};

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/** A schema, role or table name that needs no quoting; anything else is refused, so names can stand in SQL text. */
export function checkedName(name: string): string {
  if (NAME.test(name)) return name;
  throw invalidArgument('POSTGRES.BAD_NAME', 'A schema or role name has lower-case letters, digits and _ only.');
}

const { builtins } = pg.types;
const INT8_ARRAY = 1016;
const DATE_ARRAY = 1182;
const asBigInt = (text: string): bigint => BigInt(text);
const asText = (text: string): string => text;
const bigintArray = (text: string): bigint[] => (text === '{}' ? [] : text.slice(1, -1).split(',').map(BigInt));
const textArray = (text: string): string[] => (text === '{}' ? [] : text.slice(1, -1).split(','));

// int8 as bigint: the default is a string, which adds like a string. date as text: the default is a Date at midnight of
// the process's own zone, a day off elsewhere. numeric stays text, since a float would round money.
const PARSERS: Record<number, (text: string) => unknown> = {
  [builtins.INT8]: asBigInt,
  [INT8_ARRAY]: bigintArray,
  [builtins.DATE]: asText,
  [DATE_ARRAY]: textArray,
};

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: string): ((text: string) => unknown) =>
    (format !== 'binary' && PARSERS[oid]) ||
    (pg.types.getTypeParser(oid, format as 'text') as (text: string) => unknown),
};

/**
 * pg's configuration for a schema and role. Options already in the URL are kept, and ours come after them.
 * @throws AppError INVALID_ARGUMENT when the URL does not parse; its text is not part of the message
 */
export function connectionConfig(options: DatabaseOptions): pg.ClientConfig {
  if (!URL.canParse(options.url)) {
    throw invalidArgument('POSTGRES.BAD_URL', 'The database URL is not postgres://user:password@host:port/database.');
  }
  const url = new URL(options.url);
  const own = url.searchParams.get('options') ?? '';
  url.searchParams.delete('options');
  const session = { ...SESSION, search_path: `${checkedName(options.schema)},public`, role: options.role };
  const flags = Object.entries(session).flatMap(([key, value]) => (value ? `-c ${key}=${value}` : []));
  if (options.role) checkedName(options.role);
  return {
    connectionString: url.toString(),
    application_name: options.applicationName,
    options: [own, ...flags].join(' ').trim(),
    connectionTimeoutMillis: 5000,
    // Beyond the server's own limit: it only ends a wait for a server that is no longer there.
    query_timeout: 40_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types,
  };
}

// A service has some dozens of statements. The bound is for texts made at run time: those beyond it are planned each time.
const MAX_NAMED = 500;
const names = new Map<string, string>();

/** The prepared-statement name of a text, the same on every connection; undefined once there are too many texts. */
export function statementName(sql: string): string | undefined {
  const known = names.get(sql);
  if (known || names.size >= MAX_NAMED) return known;
  const name = `p_${createHash('sha256').update(sql).digest('base64url').slice(0, 24)}`;
  names.set(sql, name);
  return name;
}

/** Runs one statement, prepared once per connection when it has parameters. Throws what pg throws. */
export async function run(
  client: pg.ClientBase,
  sql: string,
  params?: readonly unknown[],
  named = true,
): Promise<Rows> {
  if (!params || params.length === 0) {
    // The simple protocol: several statements in one text are fine, and the rows are those of the last.
    const result = (await client.query(sql)) as unknown as pg.QueryResult | pg.QueryResult[];
    const last = Array.isArray(result) ? result.at(-1) : result;
    const rows = (last?.rows ?? []) as Rows['rows'];
    return { rows, command: last?.command ?? '' };
  }
  const name = named ? statementName(sql) : undefined;
  const { rows, command } = await client.query<Record<string, unknown>>({ text: sql, values: [...params], name });
  return { rows, command };
}

/** Rows of the last statement and its command tag (`SELECT`, `COMMIT`, `ROLLBACK`). */
export interface Rows {
  rows: Record<string, unknown>[];
  command: string;
}
