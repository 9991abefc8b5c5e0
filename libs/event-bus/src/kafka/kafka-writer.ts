import { passing } from '@parley/resilience';
import type { Kafka, Message, Producer, TopicMessages } from 'kafkajs';
import { refused, unacknowledged } from '../errors.js';
import type { PreparedRecord } from '../record-codec.js';
import { kafkaFailure } from './kafka-access.js';
import { kafkaErrorType } from './kafka-client.js';
import { toHeaders } from './kafka-headers.js';

/** A record, its partition, and headers beyond CloudEvents. */
export type Placed = PreparedRecord & { partition: number; headers?: Record<string, string> };

/** Bytes per partition and request: below what brokers take without being asked to take more. */
const MAX_PARTITION_BYTES = 900_000;
const TIMEOUT_MS = 5000;
/** Requests under way at a time. */
const PRODUCERS = 3;
/** So few records go in one request, whatever their partitions: each request costs about as much as ten records. */
const FEW = 64;

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
    let at = filled.get(name);
    if (!at) filled.set(name, (at = { request: 0, bytes: 0 }));
    const bytes = sizeOf(one.record);
    if (at.bytes > 0 && at.bytes + bytes > MAX_PARTITION_BYTES) {
      at.request++;
      at.bytes = 0;
    }
    at.bytes += bytes;
    (requests[at.request] ??= []).push(one);
  }
  return requests;
}

function toTopicMessages(records: readonly Indexed[]): TopicMessages[] {
  const topics = new Map<string, Message[]>();
  for (const { record } of records) {
    let messages = topics.get(record.topic);
    if (!messages) topics.set(record.topic, (messages = []));
    const headers = toHeaders(record);
    if (record.headers) Object.assign(headers, record.headers);
    const { key, value, partition } = record;
    messages.push({ key, value, partition, headers, timestamp: String(record.time.getTime()) });
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}

/** One producer, for one request at a time. */
class Sender {
  #producer: Promise<Producer> | undefined;

  constructor(private readonly kafka: Kafka) {}

  async close(): Promise<void> {
    await (await this.#producer)?.disconnect();
  }

  /** Writes one request; returns the positions of those that were refused. @throws when it is not known that the others are durable */
  async send(records: readonly Indexed[]): Promise<number[]> {
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
    for (const one of records) culprits.push(...(await this.send([one])));
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

/** Records of one call whose partitions nobody else writes meanwhile. */
interface Job {
  records: readonly Indexed[];
  partitions: ReadonlySet<number>;
  /** The caller of this and of others has its answer: what is not under way yet never will be. */
  call: { over: boolean };
  resolve: (culprits: number[]) => void;
  reject: (thrown: unknown) => void;
}

/** Writes to Kafka, acks=all: records of one partition one request after the other, three requests at a time in all. */
export class KafkaWriter {
  readonly #all: readonly Sender[];
  readonly #free: Sender[];
  readonly #under = new Set<Promise<void>>();
  readonly #busy = new Set<number>();
  #waiting: Job[] = [];

  constructor(kafka: Kafka) {
    this.#all = Array.from({ length: PRODUCERS }, () => new Sender(kafka));
    this.#free = [...this.#all];
  }

  /**
   * Resolves when all records are durable.
   * @throws AppError UNAVAILABLE `BUS.UNACKNOWLEDGED` when that is not known within 5 s; INVALID_ARGUMENT `BUS.REFUSED`,
   *   naming positions, when all but those are
   */
  async write(records: readonly Placed[]): Promise<void> {
    const call = { over: false };
    const writes = Promise.all(portions(records).map((portion) => this.#add(portion, call)));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(unacknowledged()), TIMEOUT_MS)));
    try {
      const culprits = (await Promise.race([writes, late])).flat();
      if (culprits.length > 0) throw refused(culprits);
    } catch (thrown) {
      throw kafkaFailure(thrown);
    } finally {
      clearTimeout(timer);
      call.over = true;
    }
  }

  async close(): Promise<void> {
    while (this.#under.size > 0) await Promise.all(this.#under);
    await Promise.allSettled(this.#all.map((sender) => sender.close()));
  }

  #add(records: readonly Indexed[], call: Job['call']): Promise<number[]> {
    const partitions = new Set(records.map(({ record }) => record.partition));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, partitions, call, resolve, reject });
      this.#start();
    });
  }

  /** Starts what can be: in order, but past those that wait for partitions which are being written, or waited for. */
  #start(): void {
    if (this.#waiting.length === 0 || this.#free.length === 0) return;
    const taken = new Set(this.#busy);
    const still: Job[] = [];
    for (const job of this.#waiting) {
      const sender = [...job.partitions].some((one) => taken.has(one)) ? undefined : this.#free.pop();
      for (const partition of job.partitions) taken.add(partition);
      if (sender) this.#run(sender, job);
      else still.push(job);
    }
    this.#waiting = still;
  }

  #run(sender: Sender, job: Job): void {
    for (const partition of job.partitions) this.#busy.add(partition);
    const run = send(sender, job)
      .then(job.resolve, job.reject)
      .then(() => {
        this.#under.delete(run);
        this.#free.push(sender);
        for (const partition of job.partitions) this.#busy.delete(partition);
        this.#start();
      });
    this.#under.add(run);
  }
}

async function send(sender: Sender, { records, call }: Job): Promise<number[]> {
  const culprits: number[] = [];
  for (const request of splitIntoRequests(records)) {
    // The caller has given up while others were before it.
    if (call.over) throw unacknowledged();
    culprits.push(...(await sender.send(request)));
  }
  return culprits;
}

/** The records of a call in parts that are written beside each other, each partition in one of them. */
function portions(records: readonly Placed[]): Indexed[][] {
  const indexed = records.map((record, index) => ({ record, index }));
  if (indexed.length <= FEW) return [indexed];
  const parts = Array.from({ length: PRODUCERS }, (_, part) =>
    indexed.filter(({ record }) => record.partition % PRODUCERS === part),
  );
  return parts.filter(({ length }) => length > 0);
}
