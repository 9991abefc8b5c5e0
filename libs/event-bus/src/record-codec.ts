import { currentTraceparent } from '@parley/telemetry';
import { AppError, unavailable } from '@parley/errors';
import type { OutgoingRecord, ReceivedRecord, Topic } from './event-bus.js';
import { partitionOf } from './partitioner.js';
import type { RecordKeys } from './record-key.js';
import { RETENTION_DAYS } from './retention.js';
import { topicsByName } from './topics.js';
import type { ValueCipher } from './value-cipher.js';

const DAY_MS = 86_400_000;

/** A record as an engine writes it: CloudEvents attributes beside the bytes. */
export interface PreparedRecord {
  topic: string;
  key: string;
  id: string;
  type: string;
  source: string;
  time: Date;
  traceparent?: string;
  /** Encrypted, where the topic is. */
  value: Buffer;
}

/** A record as an engine hands it out. */
export interface StoredRecord extends PreparedRecord {
  partition: number;
  offset: bigint;
}

/** A record and what came of decoding it. */
export type Decoded<M> = { stored: StoredRecord } & ({ record: ReceivedRecord<M> } | { failure: AppError });

function undecodable(cause: unknown): AppError {
  const message = 'The record does not decode.';
  return new AppError({ code: 'DATA_LOSS', reason: 'BUS.UNDECODABLE', message, cause });
}

/**
 * Thrown for a record so young that its key cannot have been destroyed: the writer uses another vault than the reader, and
 * one of them is told wrong. The record is fine, so it waits until that is put right.
 */
function keyUnknown({ topic, source }: StoredRecord): AppError {
  const message = `A record of ${topic} was encrypted by ${source || 'a service'} under a key that is not in this service's vault. All services need the same VAULT_DATABASE_URL database.`;
  return unavailable('VAULT.KEY_UNKNOWN', message);
}

/** The same bytes, not a copy. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Between messages and bytes: protobuf, encryption, CloudEvents attributes. */
export class RecordCodec {
  constructor(
    private readonly source: string,
    private readonly cipher?: ValueCipher,
    private readonly now: () => Date = () => new Date(),
    private readonly keys?: RecordKeys,
  ) {}

  /** Gets the keys of every encrypted topic, so that writing waits for nothing. */
  async prefetch(): Promise<void> {
    const secret = [...topicsByName.values()].filter(({ encrypted }) => encrypted);
    const names = secret.map(({ name }) => name);
    await this.cipher?.prefetch(names, this.now());
  }

  /** A key as it may lie in the log: without the person in it. */
  keyOf(key: string): string {
    return this.keys?.hide(key) ?? key;
  }

  /** The lane of a key, when records go to so many partitions. */
  laneOf(key: string, partitions: number, lanes: number): number {
    return partitionOf(this.keyOf(key), partitions) % lanes;
  }

  /** Encodes and encrypts; the order stays. */
  async prepare(records: readonly OutgoingRecord[]): Promise<PreparedRecord[]> {
    const time = this.now();
    const current = records.some(({ traceparent }) => !traceparent) ? currentTraceparent() : undefined;
    const prepared = records.map(({ topic, key, value, encoded, id, traceparent }) => ({
      topic: topic.name,
      key: this.keyOf(key),
      id,
      type: topic.type,
      source: this.source,
      time,
      traceparent: traceparent || current,
      value: asBuffer(encoded ?? topic.encode(value)),
    }));
    await this.#encrypt(records, prepared, time);
    return prepared;
  }

  /**
   * Decodes and decrypts each for itself: a record that does not decode is returned with its failure.
   * @throws AppError (retryable) when a key cannot be had right now; `VAULT.KEY_UNKNOWN` when it cannot have been destroyed yet
   */
  decode<M>(topic: Topic<M>, stored: readonly StoredRecord[]): Promise<Decoded<M>[]> {
    return Promise.all(stored.map((record) => this.#decodeOne(topic, record)));
  }

  /** The plain bytes of a value. @throws as `ValueCipher.decrypt` does */
  async plain(topic: string, encrypted: boolean, value: Buffer): Promise<Buffer> {
    return encrypted && this.cipher ? this.cipher.decrypt(topic, value) : value;
  }

  /** Encrypts the plain bytes of a value that is no message (a dead letter's). */
  async seal(topic: string, encrypted: boolean, value: Uint8Array): Promise<Buffer> {
    if (!encrypted || !this.cipher) return Buffer.from(value);
    const [sealed] = await this.cipher.encrypt(topic, [value], this.now());
    return sealed ?? Buffer.from(value);
  }

  async #decodeOne<M>(topic: Topic<M>, stored: StoredRecord): Promise<Decoded<M>> {
    try {
      const value = topic.decode(await this.plain(topic.name, topic.encrypted, stored.value));
      const { partition, offset, key, id, time, traceparent } = stored;
      return { stored, record: { topic: topic.name, partition, offset, key, id, time, value, traceparent } };
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (error.retryable) throw error;
      if (error.reason !== 'VAULT.KEY_ERASED') return { stored, failure: undecodable(thrown) };
      if (this.now().getTime() - stored.time.getTime() < RETENTION_DAYS * DAY_MS) throw keyUnknown(stored);
      return { stored, failure: error };
    }
  }

  async #encrypt(records: readonly OutgoingRecord[], prepared: PreparedRecord[], now: Date): Promise<void> {
    if (!this.cipher) return;
    const secret = prepared.filter((_, index) => records[index]?.topic.encrypted);
    for (const topic of new Set(secret.map((record) => record.topic))) {
      const ofTopic = secret.filter((record) => record.topic === topic);
      const values = ofTopic.map(({ value }) => value);
      const sealed = await this.cipher.encrypt(topic, values, now);
      ofTopic.forEach((record, index) => (record.value = sealed[index] ?? record.value));
    }
  }
}
