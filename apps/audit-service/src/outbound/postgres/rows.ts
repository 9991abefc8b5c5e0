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

/** The array parameters of `INSERT_ENTRIES`, one per column. Tags as literals: unnest would flatten an array of arrays. */
export function toColumns(entries: readonly Entry[]): unknown[] {
  return [
    entries.map(({ sequence }) => sequence),
    entries.map(({ eventId }) => eventId),
    entries.map(({ action }) => action),
    entries.map(({ occurredAt }) => occurredAt),
    entries.map(({ customer }) => customer),
    entries.map(({ order }) => order),
    entries.map(({ session }) => session),
    entries.map(({ tags }) => `{${tags.join()}}`),
    entries.map(({ metadata }) => JSON.stringify(metadata)),
    entries.map(({ sealed }) => sealed),
    entries.map(({ prevHash }) => prevHash),
    entries.map(({ hash }) => hash),
  ];
}
