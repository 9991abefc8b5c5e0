import type { Database, Tx } from '@parley/postgres';
import { passing } from '@parley/resilience';
import type { PreparedRecord, StoredRecord } from '../record-codec.js';

/** What a reader wants of one partition. */
export interface Want {
  topic: string;
  partition: number;
  from: bigint;
  /** Day of the last record read: earlier segments need not be looked at. */
  day: string;
  /** Most records; 0 asks only how far the partition reaches. */
  limit: number;
}

/** What there is of one partition. */
export interface Fetched {
  /** Offset after the newest record. */
  head: bigint;
  day?: string;
  records: StoredRecord[];
}

interface FetchRow {
  /** Which of the wants, from 1. */
  want: number;
  /** In the first row of each. */
  head: bigint | null;
  /** Null in the one row of a partition that moved but gives no record: no room, or its segment is gone. */
  offset: bigint | null;
  /** Null where it is the day asked from. */
  day: string | null;
  key: string;
  id: string;
  type: string;
  source: string;
  /** When it was written, in milliseconds since 1970. */
  ms: number;
  traceparent: string | null;
  value: Buffer;
}

/** Before the first day. */
export const ANY_DAY = '-infinity';

const APPEND = `select bus.append($1::text[], $2::int[], $3::text[], $4::text[], $5::text[], $6, $7::timestamptz[], $8::text[],
  $9::int[], $10::int[], $11::bytea)`;

const FETCH = 'select * from bus.read_records($1::text[], $2::int[], $3::bigint[], $4::date[], $5::int[], $6)';

/** Channel on which the bus tells that a group (`g:<group>`) changed: who holds what. */
export const GROUPS_CHANNEL = 'parley_bus';
/** Channel on which it tells that an urgent topic (its name) has news; whoever is patient does not listen. */
export const NEWS_CHANNEL = 'parley_bus_news';

/** A record and the partition it belongs to. */
export type Placed = PreparedRecord & { partition: number };

/** Writes records in the order given, without waiting for it. Holds the heads of their partitions until the transaction ends. */
export async function appendRecords(tx: Tx, records: readonly Placed[]): Promise<void> {
  const lengths = records.map(({ value }) => value.length);
  let end = 0;
  const starts = lengths.map((length) => (end += length) - length);
  await passing('event-bus.log.appending');
  await tx.later(APPEND, [
    records.map(({ topic }) => topic),
    records.map(({ partition }) => partition),
    records.map(({ key }) => key),
    records.map(({ id }) => id),
    records.map(({ type }) => type),
    records[0]?.source,
    records.map(({ time }) => time.toISOString()),
    records.map(({ traceparent }) => traceparent ?? null),
    starts,
    lengths,
    Buffer.concat(records.map(({ value }) => value)),
  ]);
  await passing('event-bus.log.appended');
}

/** Reads everything new of the partitions asked for, in one statement; answers in their order, undefined where nothing is new. */
export async function fetchRecords(
  db: Database,
  wants: readonly Want[],
  bytes: number,
): Promise<(Fetched | undefined)[]> {
  const rows = await db.query<FetchRow>(FETCH, [
    wants.map(({ topic }) => topic),
    wants.map(({ partition }) => partition),
    wants.map(({ from }) => from),
    wants.map(({ day }) => day),
    wants.map(({ limit }) => limit),
    bytes,
  ]);
  const found: (Fetched | undefined)[] = wants.map(() => undefined);
  for (const { want, head, offset, day, ms, key, id, type, source, traceparent, value } of rows) {
    const { topic, partition, day: asked } = wants[want - 1]!;
    const one = (found[want - 1] ??= { head: head ?? 0n, records: [] });
    if (offset === null) continue;
    one.day = day ?? asked;
    const time = new Date(Math.round(ms));
    one.records.push({
      topic,
      partition,
      offset,
      key,
      id,
      type,
      source,
      time,
      value,
      traceparent: traceparent ?? undefined,
    });
  }
  return found;
}

/** Makes sure that topics exist; returns how many partitions each has, which its first maker decided. */
export async function ensureTopics(db: Tx, names: readonly string[], partitions: number): Promise<Map<string, number>> {
  const sql = 'select * from bus.ensure_topics($1::text[], $2)';
  const rows = await db.query<{ topic: string; partitions: number }>(sql, [names, partitions]);
  return new Map(rows.map((row) => [row.topic, row.partitions]));
}
