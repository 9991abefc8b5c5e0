// What a system writes: bytes of the database's log and tables, bytes on the broker's topics, commits.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SQL = `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as wal,
  pg_database_size(current_database())::float8 as tables,
  (select sum(xact_commit)::float8 from pg_stat_database) as commits`;

/** Bytes of all records; indexes are preallocated and say nothing. */
function recordBytes(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.log'));
  return files.reduce((sum, file) => sum + (statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** Everything written so far; `kafka` is 0 on the embedded log, whose records are rows of the database. */
export async function storageOf(system, database) {
  const { rows } = await database.query(SQL);
  return { ...rows[0], kafka: system.broker ? recordBytes(system.broker.logDir) : 0 };
}
