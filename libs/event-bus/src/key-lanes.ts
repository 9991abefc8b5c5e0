import type { AppError } from '@parley/errors';
import type { OutgoingRecord } from './event-bus.js';

/** One call of `BatchingPublisher.publish`. */
export interface PublishCall {
  settled: boolean;
  /** Nobody waits for it. */
  patient: boolean;
  /** One of its records is durable. */
  resolve(): void;
  reject(error: AppError): void;
}

/** A record that waits for its batch. */
export interface Waiting {
  record: OutgoingRecord;
  bytes: number;
  call: PublishCall;
  /** The how-manieth record of all. */
  place: number;
}

/** What a batch may hold. */
export interface BatchBounds {
  maxRecords: number;
  maxBytes: number;
}

/** Records of some keys in the order of their calls, of which one batch is under way at a time. */
export class KeyLane {
  #queue: Waiting[] = [];
  #first = 0;
  bytes = 0;
  /** Whether a batch of it is under way. */
  busy = false;
  /** Whether something in it is to be sent as soon as it can be. */
  due = false;

  get length(): number {
    return this.#queue.length - this.#first;
  }

  /** Place of the record that waits longest. */
  get since(): number {
    return this.#queue[this.#first]?.place ?? Number.POSITIVE_INFINITY;
  }

  add(waiting: Waiting): void {
    this.#queue.push(waiting);
    this.bytes += waiting.bytes;
    this.due ||= !waiting.call.patient;
  }

  /** Moves what fits from here into a batch; returns whether there was room for all of it. */
  moveInto(batch: Waiting[], soFar: { bytes: number }, { maxRecords, maxBytes }: BatchBounds): boolean {
    for (; this.length > 0; this.#first++) {
      const waiting = this.#queue[this.#first];
      if (!waiting) continue;
      const full = batch.length >= maxRecords || (batch.length > 0 && soFar.bytes + waiting.bytes > maxBytes);
      if (full && !waiting.call.settled) break;
      this.bytes -= waiting.bytes;
      // Whoever was told that it failed will send it again.
      if (waiting.call.settled) continue;
      soFar.bytes += waiting.bytes;
      batch.push(waiting);
    }
    const all = this.length === 0;
    this.due &&= !all;
    // What was taken is forgotten now and then, not piece by piece: that would move the others each time.
    if (all || this.#first > 1000) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
    return all;
  }
}
