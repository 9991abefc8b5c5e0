import { Inbox, type Database } from '@parley/postgres';

const ROWS = 5000;

/** Deletes final sends and inbox marks from before a moment; until then a redelivered record finds its send. */
export async function purgeSends(db: Database, before: Date): Promise<void> {
  const sql = `with gone as (
      delete from send where ctid in (
        select ctid from send where created_at < $1 and state in ('settled', 'refused', 'needs-human') limit ${ROWS}
      ) returning 1
    ) select count(*)::int as n from gone`;
  for (let deleted = ROWS; deleted === ROWS;) {
    const [row] = await db.query<{ n: number }>(sql, [before]);
    deleted = row?.n ?? 0;
  }
  await new Inbox('statuses').purge(db, before);
}
