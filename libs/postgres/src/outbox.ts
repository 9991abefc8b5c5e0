import { passing } from '@parley/resilience';
import { checkedName } from './connection.js';
import type { Tx } from './transaction.js';

/** A record to be relayed. Records with the same topic and key keep their order. */
export interface OutboxRow {
  topic: string;
  key: string;
  headers: Record<string, string>;
  value: Uint8Array;
}

/** A record as the relay takes it. */
export interface TakenRow extends OutboxRow {
  id: bigint;
  value: Buffer;
}

/**
 * For a service's first migration. Its function `outbox_put` is no longer called: it notifies in the transaction (see
 * `Database.hint`).
 */
export const outboxTableSql = `
  create table outbox (
    id bigint generated always as identity primary key,
    topic text not null,
    key text not null,
    headers jsonb not null,
    value bytea not null
  ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_insert_scale_factor = 0);

  create function outbox_put(topics text[], keys text[], headers jsonb[], payloads bytea[]) returns void
  language plpgsql as $$
  declare lane int;
  begin
    for lane in
      select distinct (hashtextextended(t || chr(31) || k, 0) & 15)::int as n
      from unnest(topics, keys) as r(t, k) order by n
    loop
      perform pg_advisory_xact_lock(hashtext(current_schema() || '.outbox'), lane);
    end loop;
    insert into outbox (topic, key, headers, value)
      select t, k, h, v from unnest(topics, keys, headers, payloads) with ordinality as r(t, k, h, v, n) order by n;
    perform pg_notify('outbox_' || current_schema(), '');
  end $$;
`;

// Locks the lanes (hash of topic and key, 16 of them) that are written, ascending, before the rows get their ids, and until
// commit: so within a lane ids ascend in the order of the commits. The lock is advisory, which spares a row version per
// transaction, and is released only after the commit is visible. Counting the locks has to be over before the first row.
const PUT = `with record as materialized (
    select * from unnest($1::text[], $2::text[], $3::jsonb[], $4::bytea[]) with ordinality as r(topic, key, headers, value, n)
  ), lane as materialized (
    select distinct (hashtextextended(topic || chr(31) || key, 0) & 15)::int as n from record order by n
  ), held as materialized (
    select pg_advisory_xact_lock(hashtext(current_schema() || '.outbox'), n) from lane
  )
  insert into outbox (topic, key, headers, value)
    select topic, key, headers, value from record where (select count(*) from held) > 0 order by n`;

/** NOTIFY channel that wakes the relay; a hint. */
export function outboxChannel(schema: string): string {
  return checkedName(`outbox_${schema}`);
}

/**
 * Records that commit with the transaction that decided them, relayed afterwards by one relay at a time (see
 * `Database.withSessionLock`). The relay takes what is there, publishes it, and deletes it: it keeps no position, so a
 * transaction that commits late is taken late and never skipped.
 */
export class Outbox {
  /** Adds records, without waiting for it. One call per transaction, its last statement: later records of the same lanes wait until it commits. */
  async put(tx: Tx, rows: readonly OutboxRow[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.later(PUT, [
      rows.map(({ topic }) => topic),
      rows.map(({ key }) => key),
      rows.map(({ headers }) => JSON.stringify(headers)),
      rows.map(({ value }) => Buffer.from(value)),
    ]);
    await passing('postgres.outbox.put');
  }

  /** The oldest committed records, at most `limit`, in the order in which they have to be published. They stay until deleted. */
  take(db: Tx, limit: number): Promise<TakenRow[]> {
    return db.query<TakenRow>('select id, topic, key, headers, value from outbox order by id limit $1', [limit]);
  }

  /** Removes records that were acknowledged. */
  async delete(db: Tx, ids: readonly bigint[]): Promise<void> {
    if (ids.length > 0) await db.query('delete from outbox where id = any($1::bigint[])', [ids]);
  }

  /** How many records wait to be relayed: for a metric. */
  async depth(db: Tx): Promise<number> {
    const [row] = await db.query<{ n: bigint }>('select count(*) as n from outbox');
    return Number(row?.n ?? 0n);
  }
}
