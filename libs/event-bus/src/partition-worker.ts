import { AppError } from '@parley/errors';
import { busMetrics } from './bus-metrics.js';
import type { Claim } from './claim.js';
import { Delivery, Stopped, type Consumer } from './delivery.js';
import { isOldEpoch } from './errors.js';
import { LOST, type HandOver } from './hand-over.js';
import type { StoredRecord } from './record-codec.js';

/** Bytes of fetched records a partition may hold; beyond it nothing is fetched. */
const MAX_QUEUED_BYTES = 4_000_000;
/** Records fetched ahead, however small the batches: on Kafka a partition that paused is late by a fetch. */
const MIN_QUEUED_RECORDS = 1000;
/** Bytes handed over at a time. */
const MAX_BATCH_BYTES = 1_000_000;
const MAX_RECORDS = 500;

/** What a worker tells its engine. */
export interface WorkerEvents {
  /** There is room for more records. */
  onRoom(): void;
  /** The partition turned out to be somebody else's. */
  onLost(): void;
}

function crashed(): AppError {
  const message = 'The process handling this record crashed every time it was tried.';
  return new AppError({ code: 'INTERNAL', reason: 'BUS.CRASHED', message });
}

/** Works through the records of one partition, in order, one batch at a time; holds a bounded number fetched ahead. */
export class PartitionWorker<M> {
  readonly #queue: StoredRecord[] = [];
  #queuedBytes = 0;
  readonly #stop = new AbortController();
  readonly #delivery: Delivery<M>;
  readonly #done: Promise<void>;
  #wake: () => void = () => undefined;
  #inHand: Date | undefined;
  #handled: bigint;
  #next: bigint;

  constructor(
    private readonly consumer: Consumer<M>,
    readonly claim: Claim,
    handOver: HandOver<M>,
    /** Offset of the first record wanted. */
    from: bigint,
    private readonly events: WorkerEvents,
  ) {
    this.#next = from;
    this.#handled = from;
    this.#delivery = new Delivery(consumer, claim, handOver, this.#stop.signal);
    this.#done = this.#run();
  }

  /** Offset of the next record to fetch. */
  get next(): bigint {
    return this.#next;
  }

  /** Whether it is waiting for a dependency to come back. */
  get paused(): boolean {
    return this.#delivery.waiting;
  }

  /** Whether everything fetched has been handled. */
  get idle(): boolean {
    return this.#queue.length === 0 && this.#inHand === undefined;
  }

  /** How many records it would take now. */
  get room(): number {
    const most = Math.max(this.#maxRecords * 3, MIN_QUEUED_RECORDS);
    return this.#stop.signal.aborted || this.#queuedBytes >= MAX_QUEUED_BYTES
      ? 0
      : Math.max(0, most - this.#queue.length);
  }

  /** Whether it is time to get more. */
  get halfEmpty(): boolean {
    return this.#queue.length <= this.#maxRecords && this.#queuedBytes < MAX_QUEUED_BYTES / 2;
  }

  get #maxRecords(): number {
    return this.consumer.options.maxRecords ?? MAX_RECORDS;
  }

  /** Takes fetched records; those it has had already are dropped. */
  push(records: readonly StoredRecord[]): void {
    for (const record of records) {
      if (record.offset < this.#next || this.#stop.signal.aborted) continue;
      this.#queue.push(record);
      this.#queuedBytes += record.value.length;
      this.#next = record.offset + 1n;
    }
    this.#wake();
  }

  /** Tells the metrics how far it is behind `end`, the offset after the newest record. */
  report(end: bigint): void {
    const { topic, group, partition } = this.claim;
    const labels = { topic, group, partition: String(partition) };
    busMetrics.lag.set(labels, Number(end > this.#handled ? end - this.#handled : 0n));
    const oldest = this.#inHand ?? this.#queue[0]?.time;
    busMetrics.oldest.set(labels, oldest ? Math.max(0, (Date.now() - oldest.getTime()) / 1000) : 0);
  }

  /** Lets the batch in hand finish (a waiting one is abandoned) and stops. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#done;
    const { topic, group, partition } = this.claim;
    busMetrics.lag.remove({ topic, group, partition: String(partition) });
    busMetrics.oldest.remove({ topic, group, partition: String(partition) });
  }

  /** Stops because the partition is somebody else's: what is in hand cannot commit any more. */
  async abandon(): Promise<void> {
    if (!this.#stop.signal.aborted) this.#stop.abort(LOST);
    await this.stop();
  }

  async #run(): Promise<void> {
    // The constructor's caller keeps a reference before anything happens.
    await Promise.resolve();
    while (!this.#stop.signal.aborted) {
      const { batch, alone } = this.#take();
      if (batch.length === 0) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      if (!(await this.#deliver(batch, alone))) return;
      this.#inHand = undefined;
      this.events.onRoom();
    }
  }

  async #deliver(batch: StoredRecord[], alone: boolean): Promise<boolean> {
    const [first] = batch;
    this.#inHand = first?.time;
    try {
      if (first && first.offset === this.claim.suspicion?.poisoned) await this.#delivery.giveUp(first, crashed());
      else await this.#delivery.deliver(batch, alone);
      this.#handled = (batch.at(-1)?.offset ?? 0n) + 1n;
      return true;
    } catch (thrown) {
      if (thrown instanceof Stopped) return false;
      if (!isOldEpoch(thrown)) this.#unexpected(thrown);
      this.#stop.abort(LOST);
      this.events.onLost();
      return false;
    }
  }

  // A mistake of ours, not of a record: giving the partition back makes somebody begin it anew.
  #unexpected(thrown: unknown): void {
    const { topic, partition, group } = this.claim;
    this.consumer.logger.error(
      { err: thrown, topic, partition, group },
      'Consumer failed, the partition is given back',
    );
  }

  #take(): { batch: StoredRecord[]; alone: boolean } {
    const suspectUntil = this.claim.suspicion?.until ?? 0n;
    const alone = (this.#queue[0]?.offset ?? suspectUntil) < suspectUntil;
    const most = alone ? 1 : this.#maxRecords;
    let bytes = 0;
    let count = 0;
    for (const record of this.#queue) {
      bytes += record.value.length;
      if (count > 0 && (count >= most || bytes > MAX_BATCH_BYTES)) break;
      count++;
    }
    const batch = this.#queue.splice(0, Math.min(count, most));
    for (const record of batch) this.#queuedBytes -= record.value.length;
    return { batch, alone };
  }
}
