import { AppError } from '@parley/errors';
import { passing } from '@parley/resilience';
import { backlogFull, busClosed, refusedIndexes, unacknowledged } from './errors.js';
import type { EventBus, OutgoingRecord } from './event-bus.js';
import { KeyLane, type PublishCall, type Waiting } from './key-lanes.js';
import { Pace } from './pace.js';

/** Limits of a `BatchingPublisher`. */
export interface BatchingOptions {
  /** How long the first record of a batch waits for company; default 0: for what comes in the same turn of the event loop. */
  maxWaitMs?: number;
  /** The same while many come, so that batches are fewer and larger; default `maxWaitMs`. */
  busyWaitMs?: number;
  /** The same for records that nobody waits for; default 20 ms. */
  patienceMs?: number;
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
  busyWaitMs: 0,
  patienceMs: 20,
  maxRecords: 500,
  maxBytes: 900_000,
  lanes: 3,
  maxWaiting: 5000,
  maxWaitingBytes: 64_000_000,
  timeoutMs: 5000,
};

/** As many as topics usually have partitions: batches under way beside each other then write different ones. */
const KEY_LANES = 6;
/**
 * So few go in one batch, whatever their keys: a commit, or a request to a broker, costs as much as fifty records. What comes
 * meanwhile gathers, so that there are several batches at a time only when one is not enough.
 */
const TOGETHER = 128;

/** With so many at hand nobody waits for more: those who sent them may be waiting for the answer before they send again. */
const ENOUGH = 24;

/** Encodes now, once: the size is known, and a value that does not encode fails its own call only. */
function encoded(record: OutgoingRecord): OutgoingRecord & { encoded: Uint8Array } {
  return { ...record, encoded: record.encoded ?? record.topic.encode(record.value) };
}

/**
 * Publishes for many callers at once: collects records for a moment and sends them in batches, three at a time. Records of
 * one key keep the order of the calls.
 */
export class BatchingPublisher {
  readonly #options: Required<BatchingOptions>;
  readonly #lanes = Array.from({ length: KEY_LANES }, () => new KeyLane());
  readonly #underWay = new Set<Promise<void>>();
  #soon: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #later: NodeJS.Timeout | undefined;
  #places = 0;
  #waiting = 0;
  #closed = false;
  readonly #pace: Pace;

  constructor(
    private readonly bus: EventBus,
    options: BatchingOptions = {},
  ) {
    this.#options = { ...DEFAULTS, ...options };
    const { maxWaitMs, busyWaitMs } = this.#options;
    this.#pace = new Pace(maxWaitMs, Math.max(maxWaitMs, busyWaitMs));
  }

  /** Calls not yet answered. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Resolves when all records are durable. Of `patient` ones the caller says that nobody waits for them: they are kept back
   * for a moment, to share a batch with others.
   * @throws AppError RESOURCE_EXHAUSTED `BUS.BACKLOG` at once when too many wait; UNAVAILABLE `BUS.UNACKNOWLEDGED` after 5 s;
   *   INVALID_ARGUMENT `BUS.REFUSED` when one of the records will never fit
   */
  async publish(records: OutgoingRecord[], { patient = false } = {}): Promise<void> {
    if (this.#closed) throw busClosed();
    if (records.length === 0) return;
    const { maxWaiting, maxWaitingBytes } = this.#options;
    if (this.#waiting >= maxWaiting || this.#sum('bytes') >= maxWaitingBytes) throw backlogFull();
    const ready = records.map(encoded);
    await new Promise<void>((resolve, reject) => {
      const call = this.#call(records.length, patient, resolve, reject);
      for (const record of ready) {
        const lane = this.#lanes[this.bus.laneOf(record.key, KEY_LANES)];
        lane?.add({ record, bytes: record.encoded.length, call, place: this.#places++ });
      }
      this.#pace.came(ready.length);
      this.#schedule(patient);
    });
  }

  /** Sends what waits now; resolves when it is settled. */
  async flush(): Promise<void> {
    while (this.#sum('length') > 0 || this.#underWay.size > 0) {
      this.#sendAll();
      await Promise.all(this.#underWay);
    }
  }

  /** Takes no more and flushes. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.flush();
  }

  #sum(what: 'bytes' | 'length'): number {
    let sum = 0;
    for (const lane of this.#lanes) sum += lane[what];
    return sum;
  }

  /** While a batch is under way the next one gathers by itself: a lone record need not wait for company that may not come. */
  #schedule(patient: boolean): void {
    const { maxRecords, maxBytes, patienceMs } = this.#options;
    if (this.#sum('length') >= maxRecords || this.#sum('bytes') >= maxBytes) this.#sendAll();
    else if (patient) this.#later ??= setTimeout(() => this.#sendAll(), patienceMs);
    else if (this.#sum('length') >= ENOUGH) this.#sendNow();
    else this.#soon ??= this.#after(this.#pace.waitMs());
  }

  #after(waitMs: number): NodeJS.Timeout | NodeJS.Immediate {
    const send = (): void => this.#send();
    return waitMs > 0 ? setTimeout(send, waitMs) : setImmediate(send);
  }

  /** At the end of this turn, whatever was to be waited for. */
  #sendNow(): void {
    if (this.#soon && !('refresh' in this.#soon)) return;
    clearTimeout(this.#soon);
    this.#soon = this.#after(0);
  }

  #sendAll(): void {
    this.#calmDown();
    for (const lane of this.#lanes) lane.due = lane.length > 0;
    this.#send();
  }

  /** Sends what is due, as far as its lanes are free, and whatever else waits there. */
  #send(): void {
    if (this.#soon && 'refresh' in this.#soon) clearTimeout(this.#soon);
    this.#soon = undefined;
    while (this.#underWay.size < this.#options.lanes) {
      const free = this.#lanes.filter(({ busy, length }) => !busy && length > 0);
      if (!free.some(({ due }) => due)) break;
      const [batch, lanes] = this.#take(free);
      if (batch.length > 0) this.#start(batch, lanes);
    }
    if (this.#later && this.#sum('length') === 0) this.#calmDown();
  }

  #calmDown(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
  }

  #start(batch: Waiting[], lanes: KeyLane[]): void {
    for (const lane of lanes) lane.busy = true;
    const run = this.#run(batch).then(() => {
      for (const lane of lanes) lane.busy = false;
      this.#underWay.delete(run);
      // What came meanwhile may still be waiting for company.
      if (!this.#soon) this.#send();
    });
    this.#underWay.add(run);
  }

  /** The next batch: of all free lanes when little waits, else of those that waited longest, and as many stay for the others. */
  #take(free: KeyLane[]): [Waiting[], KeyLane[]] {
    free.sort((a, b) => a.since - b.since);
    const count = free.reduce((sum, { length }) => sum + length, 0);
    const share = Math.ceil(free.length / (this.#options.lanes - this.#underWay.size));
    const batch: Waiting[] = [];
    const lanes: KeyLane[] = [];
    const soFar = { bytes: 0 };
    for (const lane of count > TOGETHER ? free.slice(0, share) : free) {
      const before = batch.length;
      const all = lane.moveInto(batch, soFar, this.#options);
      if (batch.length > before) lanes.push(lane);
      if (!all) break;
    }
    return [batch, lanes];
  }

  async #run(batch: Waiting[]): Promise<void> {
    try {
      await this.bus.publish(batch.map(({ record }) => record));
      await passing('event-bus.batch.acknowledged');
      for (const { call } of batch) call.resolve();
    } catch (thrown) {
      const error = AppError.from(thrown);
      const culprits = refusedIndexes(error);
      batch.forEach(({ call }, index) => {
        // All others of a batch with a refused record were written.
        if (culprits && !culprits.has(index)) call.resolve();
        else call.reject(error);
      });
    }
  }

  #call(open: number, patient: boolean, resolve: () => void, reject: (error: AppError) => void): PublishCall {
    this.#waiting++;
    const settle = (end: () => void): void => {
      if (call.settled) return;
      call.settled = true;
      clearTimeout(timer);
      this.#waiting--;
      end();
    };
    const call: PublishCall = {
      settled: false,
      patient,
      resolve: () => --open === 0 && settle(resolve),
      reject: (error) => settle(() => reject(error)),
    };
    const timer = setTimeout(() => call.reject(unacknowledged()), this.#options.timeoutMs);
    return call;
  }
}
