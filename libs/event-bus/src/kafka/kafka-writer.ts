import { AppError } from '@parley/errors';
import { passing } from '@parley/resilience';
import type { Kafka, Message, Producer, TopicMessages } from 'kafkajs';
import { refused, unacknowledged } from '../errors.js';
import type { PreparedRecord } from '../record-codec.js';
import { kafkaErrorType } from './kafka-client.js';
import { toHeaders } from './kafka-headers.js';

/** A record, its partition, and headers beyond CloudEvents. */
export type Placed = PreparedRecord & { partition: number; headers?: Record<string, string> };

/** Bytes per partition and request: below what brokers take without being asked to take more. */
const MAX_PARTITION_BYTES = 900_000;
const TIMEOUT_MS = 5000;
const LANES = 3;

/** Refused for what a record is; trying again does not help. */
const CONTENT_ERRORS = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'CORRUPT_MESSAGE']);

interface Indexed {
  record: Placed;
  index: number;
}

function sizeOf({ key, value }: Placed): number {
  return value.length + key.length + 500;
}

/** Cuts records into requests that hold at most 900 kB of each partition, in order. */
export function splitIntoRequests<T extends { record: Placed }>(records: readonly T[]): T[][] {
  const requests: T[][] = [];
  const filled = new Map<string, { request: number; bytes: number }>();
  for (const one of records) {
    const name = `${one.record.topic}/${one.record.partition}`;
    const at = filled.get(name) ?? { request: 0, bytes: 0 };
    const bytes = sizeOf(one.record);
    if (at.bytes > 0 && at.bytes + bytes > MAX_PARTITION_BYTES)
      Object.assign(at, { request: at.request + 1, bytes: 0 });
    at.bytes += bytes;
    filled.set(name, at);
    (requests[at.request] ??= []).push(one);
  }
  return requests;
}

function toTopicMessages(records: readonly Indexed[]): TopicMessages[] {
  const topics = new Map<string, Message[]>();
  for (const { record } of records) {
    const messages = topics.get(record.topic) ?? [];
    const headers = { ...toHeaders(record), ...record.headers };
    const { key, value, partition } = record;
    messages.push({ key, value, partition, headers, timestamp: String(record.time.getTime()) });
    topics.set(record.topic, messages);
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}

/** One producer and the partitions that are its own: one request under way at a time, so their order stays. */
class WriterLane {
  #producer: Promise<Producer> | undefined;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(private readonly kafka: Kafka) {}

  /** Writes in order; returns the positions of those that were refused. @throws when it is not known that the others are durable */
  write(records: readonly Indexed[], signal: AbortSignal): Promise<number[]> {
    const result = this.#tail.then(async () => {
      const culprits: number[] = [];
      for (const request of splitIntoRequests(records)) {
        // The caller has given up while others were before it.
        signal.throwIfAborted();
        culprits.push(...(await this.#send(request)));
      }
      return culprits;
    });
    this.#tail = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    await this.#tail;
    await (await this.#producer)?.disconnect();
  }

  async #send(records: readonly Indexed[]): Promise<number[]> {
    try {
      const producer = await this.#connected();
      await passing('event-bus.kafka.sending');
      await producer.sendBatch({ acks: -1, timeout: TIMEOUT_MS, topicMessages: toTopicMessages(records) });
      await passing('event-bus.kafka.acknowledged');
      return [];
    } catch (thrown) {
      this.#replace();
      if (!CONTENT_ERRORS.has(kafkaErrorType(thrown) ?? '')) throw thrown;
      if (records.length === 1) return records.map(({ index }) => index);
    }
    const culprits: number[] = [];
    for (const one of records) culprits.push(...(await this.#send([one])));
    return culprits;
  }

  #connected(): Promise<Producer> {
    this.#producer ??= this.#connect();
    return this.#producer;
  }

  async #connect(): Promise<Producer> {
    const retry = { initialRetryTime: 100, maxRetryTime: 1000, retries: 6 };
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      retry,
    });
    await producer.connect().catch((thrown: unknown) => {
      this.#producer = undefined;
      throw thrown;
    });
    return producer;
  }

  // After a failure kafkajs gives the same sequence numbers to the next records. If the broker did have the failed ones, it
  // would take the next for a repetition, acknowledge and drop them. A new producer has numbers of its own.
  #replace(): void {
    const old = this.#producer;
    this.#producer = undefined;
    old?.then((producer) => producer.disconnect()).catch(() => undefined);
  }
}

/** Writes to Kafka, acks=all: records of one partition one request after the other, three requests at a time in all. */
export class KafkaWriter {
  readonly #lanes: WriterLane[];

  constructor(kafka: Kafka) {
    this.#lanes = Array.from({ length: LANES }, () => new WriterLane(kafka));
  }

  /**
   * Resolves when all records are durable.
   * @throws AppError UNAVAILABLE `BUS.UNACKNOWLEDGED` when that is not known within 5 s; INVALID_ARGUMENT `BUS.REFUSED`,
   *   naming positions, when all but those are
   */
  async write(records: readonly Placed[]): Promise<void> {
    const stop = new AbortController();
    const lanes: Indexed[][] = this.#lanes.map(() => []);
    records.forEach((record, index) => lanes[record.partition % LANES]?.push({ record, index }));
    const writes = this.#lanes.map((lane, number) => {
      const own = lanes[number] ?? [];
      return own.length > 0 ? lane.write(own, stop.signal) : Promise.resolve([]);
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(unacknowledged()), TIMEOUT_MS)));
    try {
      const culprits = (await Promise.race([Promise.all(writes), late])).flat();
      if (culprits.length > 0) throw refused(culprits);
    } catch (thrown) {
      throw thrown instanceof AppError ? thrown : unacknowledged(thrown);
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#lanes.map((lane) => lane.close()));
  }
}
