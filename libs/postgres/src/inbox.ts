import { passing } from '@parley/resilience';
import type { Tx } from './transaction.js';

const DAY_MS = 86_400_000;
/** Days a mark is kept: beyond that no source repeats anything (webhooks 7 days, topics 8, dead letters 30). */
const INBOX_DAYS = 30;

/** What is older than this moment is not repeated by any source, so that marks of it may go. */
export function redeliveryEnd(now = new Date()): Date {
  return new Date(now.getTime() - INBOX_DAYS * DAY_MS);
}

/** For a service's first migration. BRIN, because marks arrive in the order of `seen_at` and only the purge asks for it. */
export const inboxTableSql = `
  create table inbox (
    consumer text not null,
    id text not null,
    seen_at timestamptz not null default now(),
    primary key (consumer, id)
  );
  create index inbox_seen_at on inbox using brin (seen_at) with (autosummarize = on);
`;

/** Rows deleted per statement by a purge, so that it stays far below the statement time limit. */
const PURGE_ROWS = 5000;

/** What a consumer has already done: dedupe marks that commit with the effect they stand for. */
export class Inbox {
  /** @param consumer whose marks these are; two consumers of one service see every message once each */
  constructor(private readonly consumer: string) {}

  /**
   * Marks ids as done within `tx` and returns those that were not before. Waits for another transaction that is marking
   * the same id: if it commits the id is not new, if it rolls back it is.
   */
  async markNew(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    // In one order everywhere, so that two batches with ids in common wait for each other instead of deadlocking.
    const sql = `insert into inbox (consumer, id)
      select $1, id from (select distinct unnest($2::text[]) as id order by id) as wanted
      on conflict do nothing returning id`;
    const rows = await tx.query<{ id: string }>(sql, [this.consumer, ids]);
    await passing('postgres.inbox.marked');
    return new Set(rows.map(({ id }) => id));
  }

  /** Those ids without a committed mark. A look ahead that saves work; only `markNew` decides. */
  async unseen(db: Tx, ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const sql = 'select id from inbox where consumer = $1 and id = any($2::text[])';
    const rows = await db.query<{ id: string }>(sql, [this.consumer, ids]);
    const seen = new Set(rows.map(({ id }) => id));
    return new Set(ids.filter((id) => !seen.has(id)));
  }

  /** Deletes marks older than a moment (of all consumers of the schema) and returns how many. */
  async purge(db: Tx, olderThan = redeliveryEnd()): Promise<number> {
    const sql = `with gone as (
        delete from inbox where ctid in (select ctid from inbox where seen_at < $1 limit ${PURGE_ROWS}) returning 1
      ) select count(*) as n from gone`;
    for (let total = 0; ;) {
      const [row] = await db.query<{ n: bigint }>(sql, [olderThan]);
      const deleted = Number(row?.n ?? 0n);
      total += deleted;
      if (deleted < PURGE_ROWS) return total;
    }
  }
}
