import type { Database } from '@parley/postgres';
import { eventually } from './eventually.js';

/** A table whose rows no source repeats after 30 days, and the column that says how old they are. */
const TABLES = {
  inbox: { column: 'seen_at', row: `consumer, id, seen_at) select 'old', name` },
  idempotency: { column: 'created_at', row: `key, request_hash, created_at) select name, 'hash'` },
} as const;

/** Puts one row just before and one just after the age at which a service removes them. */
export async function plantOldMarks(db: Database, table: keyof typeof TABLES): Promise<void> {
  const rows = `(values ('gone', 30.1), ('kept', 29.9)) as r(name, days)`;
  await db.query(`insert into ${table} (${TABLES[table].row}, now() - days * interval '1 day' from ${rows}`);
}

/** Resolves when the service has removed what is older than 30 days, and only that. */
export async function oldMarksGone(db: Database, table: keyof typeof TABLES): Promise<void> {
  const sql = `select count(*)::int as n, count(*) filter (where ${TABLES[table].column} < now() - interval '30 days')::int as old
    from ${table}`;
  await eventually(async () => {
    const [row] = await db.query<{ n: number; old: number }>(sql);
    return (row?.n ?? 0) > 0 && row?.old === 0;
  });
}
