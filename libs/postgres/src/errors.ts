import { types } from 'node:util';
import { AppError } from '@parley/errors';

/** What both pg's DatabaseError and Node's system errors look like from here; read by shape, because realms and copies of pg differ. */
interface DriverError {
  code?: unknown;
  constraint?: unknown;
  routine?: unknown;
}

// No SQLSTATE begins with E, which keeps EPIPE and its like apart.
const SQLSTATE = /^(?!E)[0-9A-Z]{5}$/;

/**
 * SQLSTATEs (or their classes, two characters) that say "the database is away", not "this statement is wrong":
 * 08 connection, 28 authentication (a password being rotated), 53 out of connections, memory or disk, 57 shutdown, crash
 * or a statement cancelled by its time limit, 25P03 and 25006 an aborted idle transaction and a standby, 55P03 lock time limit.
 */
const AWAY = new Set(['08', '28', '53', '57', '25P03', '25006', '55P03', '3D000']);

/** 40001 serialisation failure, 40P01 deadlock: the same transaction, run again from its start, may pass. */
const CONFLICT = new Set(['40001', '40P01']);

// What pg says, without any code, when a connection is refused, lost, or cannot be had in time.
const AWAY_MESSAGE = /connect|terminat|timeout|not queryable|closed|pool after calling end/i;

/** The SQLSTATE of a thrown value, when it came from the server. */
export function sqlstateOf(thrown: unknown): string | undefined {
  const error = thrown instanceof AppError ? thrown.details['sqlstate'] : (thrown as DriverError | null)?.code;
  return typeof error === 'string' && SQLSTATE.test(error) ? error : undefined;
}

/** Whether the server refused a prepared statement because the table it reads has changed since. Nothing was executed. */
export function isStalePlan(thrown: unknown): boolean {
  return sqlstateOf(thrown) === '0A000' && (thrown as DriverError).routine === 'RevalidateCachedQuery';
}

/**
 * The only conversion from what pg throws. Promises one of three reasons: `POSTGRES.UNAVAILABLE` (UNAVAILABLE),
 * `POSTGRES.CONFLICT` (ABORTED), `POSTGRES.FAILED` (INTERNAL). Details are the SQLSTATE and the constraint's name; the
 * server's own message is kept in `cause` only, since it may quote values.
 */
export function fromDriver(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const sqlstate = sqlstateOf(thrown);
  const details: Record<string, string> = {};
  if (sqlstate) details['sqlstate'] = sqlstate;
  const { constraint } = (thrown ?? {}) as DriverError;
  if (typeof constraint === 'string') details['constraint'] = constraint;
  if (isAway(thrown, sqlstate)) return databaseAway(thrown, details);
  if (isStalePlan(thrown) || (sqlstate !== undefined && CONFLICT.has(sqlstate))) {
    const message = 'Another transaction was in the way; run this one again.';
    return new AppError({ code: 'ABORTED', reason: 'POSTGRES.CONFLICT', message, details, cause: thrown });
  }
  const message = `The database refused a statement${sqlstate ? ` (SQLSTATE ${sqlstate})` : ''}.`;
  return new AppError({ code: 'INTERNAL', reason: 'POSTGRES.FAILED', message, details, cause: thrown });
}

/** Thrown when the database cannot be reached, or went away half-way: whether the statement took effect is then unknown. */
export function databaseAway(cause: unknown, details: Record<string, string> = {}): AppError {
  const message = 'The database is away.';
  return new AppError({ code: 'UNAVAILABLE', reason: 'POSTGRES.UNAVAILABLE', message, details, cause });
}

function isAway(thrown: unknown, sqlstate: string | undefined): boolean {
  if (sqlstate) return AWAY.has(sqlstate) || AWAY.has(sqlstate.slice(0, 2));
  // Not `instanceof Error`: Node's own errors come from another realm when code runs in a vm, as under jest.
  if (!types.isNativeError(thrown) || thrown.name === 'TypeError' || thrown.name === 'RangeError') return false;
  // System errors (ECONNREFUSED, EPIPE, ...) carry a code; an AggregateError is several refused addresses of one host.
  return 'code' in thrown || thrown.name === 'AggregateError' || AWAY_MESSAGE.test(thrown.message);
}
