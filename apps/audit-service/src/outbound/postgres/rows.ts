import type { Entry, JsonObject } from '../../domain/evidence.js';

/** A row of `entry`, as the statements name its columns. */
export interface EntryRow {
  chain: string;
  sequence: bigint;
  event_id: string;
  topic: string;
  action: string;
  occurred_at: Date;
  recorded_at: Date;
  customer: string;
  order_number: string;
  session: string;
  tags: bigint[];
  metadata: JsonObject;
  sealed: Buffer;
  prev_hash: Buffer;
  hash: Buffer;
}

export function fromRow(row: EntryRow): Entry {
  const { chain, sequence, topic, action, customer, session, tags, metadata, sealed, hash } = row;
  return {
    ...{ chain, sequence, topic, action, customer, session, tags, metadata, sealed, hash },
    eventId: row.event_id,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
    order: row.order_number,
    prevHash: row.prev_hash,
  };
}

/** Entries that go into the table together: of one day, recorded at one moment. The parameters of `INSERT_ENTRIES`. */
export function toParams(day: string, recordedAt: Date, entries: readonly Entry[]): unknown[] {
  let end = 0;
  const starts = entries.map(({ sealed }) => (end += sealed.length) - sealed.length);
  return [
    day,
    recordedAt,
    entries.map(({ chain }) => chain),
    literal(entries.map(({ sequence }) => sequence)),
    entries.map(({ eventId }) => eventId),
    entries.map(({ topic }) => topic),
    entries.map(({ action }) => action),
    literal(entries.map(({ occurredAt }) => `"${occurredAt.toISOString()}"`)),
    entries.map(({ customer }) => customer),
    entries.map(({ order }) => order),
    entries.map(({ session }) => session),
    // As text: unnest would flatten an array of arrays.
    literal(entries.map(({ tags }) => `"{${tags.join()}}"`)),
    `[${entries.map(({ metadata }) => JSON.stringify(metadata)).join()}]`,
    Buffer.concat(entries.map(({ sealed }) => sealed)),
    Buffer.concat(entries.flatMap(({ prevHash, hash }) => [prevHash, hash])),
    literal(starts),
    literal(entries.map(({ sealed }) => sealed.length)),
  ];
}

/** An array as Postgres reads it, of elements in which nothing needs to be escaped: the driver would look for that in each. */
function literal(elements: readonly (string | number | bigint)[]): string {
  return `{${elements.join()}}`;
}
