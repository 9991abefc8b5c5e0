import { AppError, notFound } from '@parley/errors';
import type { Database, Tx } from '@parley/postgres';
import type { Failure } from '../claim.js';
import type { DeadLetter, DeadLetterContent, DeadLetters, Unsendable } from '../dead-letters.js';
import type { PreparedRecord, RecordCodec, StoredRecord } from '../record-codec.js';
import { deadLetterTopic, topicsByName } from '../topics.js';

interface Row {
  id: string;
  topic: string;
  grp: string;
  partition: number | null;
  offset: bigint | null;
  key: string;
  record_id: string;
  time: Date;
  at: Date;
  reason: string;
  attempts: number;
  traceparent: string | null;
  replayed_at: Date | null;
}

interface ContentRow extends Row {
  type: string;
  source: string;
  sealed: string | null;
  value: Buffer;
}

const ADD = `select bus.add_dead_letters($1::text[], $2, $3, $4, $5, $6::text[], $7::text[], $8, $9, $10, $11::text[], $12,
  $13, $14, $15::bytea[])`;

function fromRow(row: Row): DeadLetter {
  const { id, topic, key, time, at, reason, attempts } = row;
  const where = { partition: row.partition ?? undefined, offset: row.offset ?? undefined, group: row.grp };
  const traceparent = row.traceparent ?? undefined;
  return {
    id,
    topic,
    ...where,
    key,
    recordId: row.record_id,
    time,
    at,
    reason,
    attempts,
    traceparent,
    replayedAt: row.replayed_at ?? undefined,
  };
}

/** Dead letters of the embedded log: a table of the schema `bus`. */
export class EmbeddedDeadLetters implements DeadLetters {
  constructor(
    private readonly db: Database,
    private readonly codec: RecordCodec,
    private readonly publish: (records: PreparedRecord[]) => Promise<void>,
  ) {}

  /** Writes a record that a group gave up, in the transaction that moves its position. */
  async add(
    tx: Tx,
    record: StoredRecord,
    where: { group: string; encrypted: boolean },
    failure: Failure,
  ): Promise<void> {
    const { topic, partition, offset, key, type, source, time, traceparent } = record;
    const { group, encrypted } = where;
    const { sealed, value } = await this.#reseal(topic, encrypted, record.value);
    const id = `${topic}/${partition}/${offset}/${group}`;
    const { reason } = failure.error;
    const params = [[id], topic, group, partition, offset, [key], [record.id], type, source, time, [reason]];
    await tx.query(ADD, [...params, failure.attempts, traceparent ?? null, sealed, [value]]);
  }

  async keep(entries: Unsendable[]): Promise<void> {
    for (const { topic, key, id, value, reason } of entries) {
      const secret = topicsByName.get(topic)?.encrypted ?? true;
      const sealed = await this.codec.seal(deadLetterTopic(topic), secret, value);
      const keys = [this.codec.keyOf(key)];
      const params = [[`${topic}/${id}`], topic, '', null, null, keys, [id], '', '', new Date(), [reason], 0, null];
      await this.db.query(ADD, [...params, secret ? deadLetterTopic(topic) : null, [sealed]]);
    }
  }

  async list(topic?: string, limit = 1000): Promise<DeadLetter[]> {
    const rows = await this.db.query<Row>('select * from bus.list_dead_letters($1, $2)', [topic ?? null, limit]);
    return rows.map(fromRow);
  }

  async show(id: string): Promise<DeadLetterContent> {
    const [row] = await this.#read([id]);
    if (!row) throw notFound('BUS.NO_DEAD_LETTER', 'There is no such dead letter.');
    const value = await this.#open(row).catch(() => undefined);
    return { ...fromRow(row), value };
  }

  async replay(which: { id: string } | { topic: string }): Promise<number> {
    const listed = 'id' in which ? [await this.show(which.id)] : await this.list(which.topic);
    const wanted = listed.filter((entry) => entry.group !== '' && ('id' in which || !entry.replayedAt));
    const rows = await this.#read(wanted.map(({ id }) => id));
    const records = await Promise.all(rows.map((row) => this.#again(row)));
    if (records.length === 0) return 0;
    await this.publish(records);
    await this.db.query('select bus.mark_replayed($1::text[])', [rows.map(({ id }) => id)]);
    return records.length;
  }

  #read(ids: readonly string[]): Promise<ContentRow[]> {
    return this.db.query<ContentRow>('select * from bus.read_dead_letters($1::text[])', [ids]);
  }

  async #again(row: ContentRow): Promise<PreparedRecord> {
    const { topic, key, record_id: id, type, source, time, traceparent } = row;
    const value = await this.codec.seal(topic, row.sealed !== null, await this.#open(row));
    return { topic, key, id, type, source, time, traceparent: traceparent ?? undefined, value };
  }

  #open({ sealed, value }: ContentRow): Promise<Buffer> {
    return this.codec.plain(sealed ?? '', sealed !== null, value);
  }

  // Dead letters outlive their topic's keys (30 days against 8), so they get keys of their own. What does not open stays as it is.
  async #reseal(topic: string, encrypted: boolean, value: Buffer): Promise<{ sealed: string | null; value: Buffer }> {
    if (!encrypted) return { sealed: null, value };
    try {
      const plain = await this.codec.plain(topic, true, value);
      const own = deadLetterTopic(topic);
      return { sealed: own, value: await this.codec.seal(own, true, plain) };
    } catch (thrown) {
      if (AppError.from(thrown).retryable) throw thrown;
      return { sealed: topic, value };
    }
  }
}
