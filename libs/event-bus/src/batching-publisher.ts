import { AppError } from '@parley/errors';
import { passing } from '@parley/resilience';
import { backlogFull, busClosed, refusedIndexes, unacknowledged } from './errors.js';
import type { EventBus, OutgoingRecord } from './event-bus.js';
import { partitionOf } from './partitioner.js';

/** Limits of a `BatchingPublisher`. */
export interface BatchingOptions {
  /** How long the first record of a batch waits for company; default 0: for what comes in the same turn of the event loop. */
  maxWaitMs?: number;
  /** Records and bytes of a batch; default 500 and 900 kB. */
  maxRecords?: number;
  maxBytes?: number;
  /** Batches under way at a time, each for keys of its own; default 3. */
  lanes?: number;
  /** Calls that may wait; default 5,000. */
  maxWaiting?: number;
  /** Bytes that may wait; default 64 MB. */
  maxWaitingBytes?: number;
  /** Time from the call to the acknowledgement; default 5 s. */
  timeoutMs?: number;
}

const DEFAULTS: Required<BatchingOptions> = {
  maxWaitMs: 0,
  maxRecords: 500,
  maxBytes: 900_000,
  lanes: 3,
  maxWaiting: 5000,
  maxWaitingBytes: 64_000_000,
  timeoutMs: 5000,
};

/** One call of `publish`. */
interface Request {
  open: number;
  settled: boolean;
  timer: NodeJS.Timeout;
  resolve(): void;
  reject(error: AppError): void;
}

interface Waiting {
  record: OutgoingRecord;
  bytes: number;
  request: Request;
}

/** Encodes now, once: the size is known, and a value that does not encode fails its own call only. */
function encoded(record: OutgoingRecord): { record: OutgoingRecord; bytes: number } {
  const value = record.topic.encode(record.value);
  const topic = { ...record.topic, encode: () => value };
  return { record: { ...record, topic }, bytes: value.length };
}

/** The keys of one lane: one batch under way at a time, so their order stays. */
class Lane {
  readonly queue: Waiting[] = [];
  bytes = 0;
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #sending: Promise<void> | undefined;

  constructor(
    private readonly bus: EventBus,
    private readonly options: Required<BatchingOptions>,
  ) {}

  add(waiting: Waiting): void {
    this.queue.push(waiting);
    this.bytes += waiting.bytes;
    if (this.#sending) return;
    if (this.queue.length >= this.options.maxRecords || this.bytes >= this.options.maxBytes) this.send();
    else this.#timer ??= this.#soon();
  }

  /** Sends what waits, batch after batch. */
  send(): void {
    if (this.#timer && 'refresh' in this.#timer) clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#drain().finally(() => (this.#sending = undefined));
  }

  /** While a batch is under way the next one gathers by itself: a lone record need not wait for company that may not come. */
  #soon(): NodeJS.Timeout | NodeJS.Immediate {
    const { maxWaitMs } = this.options;
    return maxWaitMs > 0 ? setTimeout(() => this.send(), maxWaitMs) : setImmediate(() => this.send());
  }

  async flush(): Promise<void> {
    while (this.queue.length > 0 || this.#sending) {
      this.send();
      await this.#sending;
    }
  }

  async #drain(): Promise<void> {
    for (let batch = this.#take(); batch.length > 0; batch = this.#take()) {
      try {
        await this.bus.publish(batch.map(({ record }) => record));
        await passing('event-bus.batch.acknowledged');
        for (const { request } of batch) request.resolve();
      } catch (thrown) {
        this.#failed(batch, AppError.from(thrown));
      }
    }
  }

  #failed(batch: Waiting[], error: AppError): void {
    const culprits = refusedIndexes(error);
    batch.forEach(({ request }, index) => {
      // All others of a batch with a refused record were written.
      if (culprits && !culprits.has(index)) request.resolve();
      else request.reject(error);
    });
  }

  #take(): Waiting[] {
    const batch: Waiting[] = [];
    let bytes = 0;
    while (batch.length < this.options.maxRecords) {
      const [first] = this.queue;
      if (!first || (batch.length > 0 && bytes + first.bytes > this.options.maxBytes)) break;
      this.queue.shift();
      this.bytes -= first.bytes;
      // Whoever was told that it failed will send it again.
      if (first.request.settled) continue;
      bytes += first.bytes;
      batch.push(first);
    }
    return batch;
  }
}

/**
 * Publishes for many callers at once: collects records for a moment and sends them in batches, three at a time. Records of
 * one key keep the order of the calls.
 */
export class BatchingPublisher {
  readonly #options: Required<BatchingOptions>;
  readonly #lanes: Lane[];
  #waiting = 0;
  #closed = false;

  constructor(bus: EventBus, options: BatchingOptions = {}) {
    this.#options = { ...DEFAULTS, ...options };
    this.#lanes = Array.from({ length: this.#options.lanes }, () => new Lane(bus, this.#options));
  }

  /** Calls not yet answered. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Resolves when all records are durable.
   * @throws AppError RESOURCE_EXHAUSTED `BUS.BACKLOG` at once when too many wait; UNAVAILABLE `BUS.UNACKNOWLEDGED` after 5 s;
   *   INVALID_ARGUMENT `BUS.REFUSED` when one of the records will never fit
   */
  async publish(records: OutgoingRecord[]): Promise<void> {
    if (this.#closed) throw busClosed();
    if (records.length === 0) return;
    const bytes = this.#lanes.reduce((sum, lane) => sum + lane.bytes, 0);
    if (this.#waiting >= this.#options.maxWaiting || bytes >= this.#options.maxWaitingBytes) throw backlogFull();
    const ready = records.map(encoded);
    await new Promise<void>((resolve, reject) => {
      const request = this.#request(records.length, resolve, reject);
      for (const one of ready) this.#lanes[partitionOf(one.record.key, this.#lanes.length)]?.add({ ...one, request });
    });
  }

  /** Sends what waits now; resolves when it is settled. */
  async flush(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.flush()));
  }

  /** Takes no more and flushes. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.flush();
  }

  #request(open: number, resolve: () => void, reject: (error: AppError) => void): Request {
    this.#waiting++;
    const settle = (end: () => void): void => {
      if (request.settled) return;
      request.settled = true;
      clearTimeout(request.timer);
      this.#waiting--;
      end();
    };
    const request: Request = {
      open,
      settled: false,
      timer: setTimeout(() => request.reject(unacknowledged()), this.#options.timeoutMs),
      resolve: () => --request.open === 0 && settle(resolve),
      reject: (error) => settle(() => reject(error)),
    };
    return request;
  }
}
