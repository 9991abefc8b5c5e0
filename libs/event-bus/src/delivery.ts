import { AppError } from '@parley/errors';
import { BackOff, passing } from '@parley/resilience';
import type { Logger } from '@parley/telemetry';
import { busMetrics } from './bus-metrics.js';
import type { Claim, Failure } from './claim.js';
import { isOldEpoch, oldEpoch } from './errors.js';
import type { DeadRecord, ReceivedRecord, SubscribeOptions } from './event-bus.js';
import type { Decoded, RecordCodec, StoredRecord } from './record-codec.js';
import type { HandOver } from './hand-over.js';
import { endRecordSpan, startRecordSpan } from './spans.js';

/** A consumer's options, and what the bus adds to them. */
export interface Consumer<M> {
  options: SubscribeOptions<M>;
  codec: RecordCodec;
  logger: Logger;
}

interface Item<M> {
  stored: StoredRecord;
  record: ReceivedRecord<M>;
  attempts: number;
}

/** When the suspects before have been tried, by bus; a process has one. */
const suspectsTried = new WeakMap<RecordCodec, Promise<unknown>>();

/** Whatever the process dies of meanwhile is blamed on the suspect in hand: so there is one at a time. */
function inTurn<T>(bus: RecordCodec, work: () => Promise<T>): Promise<T> {
  const turn = (suspectsTried.get(bus) ?? Promise.resolve()).then(work);
  suspectsTried.set(
    bus,
    turn.catch(() => undefined),
  );
  return turn;
}

/** Thrown inside the bus when a delivery ends early because the partition is handed over or the bus closes. */
export class Stopped extends Error {}

/**
 * Hands records of one partition to a handler until they are settled: handled, or dead-lettered for a fault of their own.
 * A dependency that is away only makes it wait.
 */
export class Delivery<M> {
  #waiting = false;

  constructor(
    private readonly consumer: Consumer<M>,
    private readonly claim: Claim,
    private readonly handOver: HandOver<M>,
    private readonly signal: AbortSignal,
  ) {}

  /** Whether it is waiting for a dependency to come back. */
  get waiting(): boolean {
    return this.#waiting;
  }

  /**
   * Settles consecutive records and moves the position past them; `alone` for records that are suspected of crashing.
   * @throws Stopped when the signal aborted first; AppError `BUS.OLD_EPOCH` when the partition is lost
   */
  async deliver(stored: StoredRecord[], alone = false): Promise<void> {
    const last = stored.at(-1);
    if (!last) return;
    const { codec, options } = this.consumer;
    const decoded = await this.#persist(async () => {
      await passing('event-bus.records.read');
      return codec.decode(options.topic, stored);
    });
    for (const one of decoded) {
      if ('failure' in one) await this.#deadLetter(one.stored, undefined, { error: one.failure, attempts: 0 });
    }
    const items = decoded.flatMap((one) => this.#item(one));
    try {
      await this.#settle(items, last.offset + 1n, alone);
    } finally {
      for (const { record } of items) endRecordSpan(record);
    }
  }

  /** Gives a record up without trying it. */
  async giveUp(stored: StoredRecord, error: AppError): Promise<void> {
    const decoded = await this.#persist(() => this.consumer.codec.decode(this.consumer.options.topic, [stored]));
    const record = decoded[0] && 'record' in decoded[0] ? decoded[0].record : undefined;
    await this.#deadLetter(stored, record, { error, attempts: 4 }, stored.offset + 1n);
  }

  #item(one: Decoded<M>): Item<M>[] {
    if (!('record' in one)) return [];
    startRecordSpan(one.record, this.claim.group);
    return [{ stored: one.stored, record: one.record, attempts: 0 }];
  }

  async #settle(items: Item<M>[], next: bigint, alone: boolean): Promise<void> {
    if (items.length === 0) return this.#persist(() => this.claim.commit(next));
    const failure = await this.#handle(items, next, alone);
    if (!failure) return this.#settled(items);
    const [only] = items;
    if (only && items.length === 1) {
      endRecordSpan(only.record, failure.reason);
      return this.#deadLetter(only.stored, only.record, { error: failure, attempts: only.attempts }, next);
    }
    const middle = items.length >> 1;
    const second = items.slice(middle);
    await this.#settle(items.slice(0, middle), second[0]?.stored.offset ?? next, alone);
    await this.#settle(second, next, alone);
  }

  #settled(items: Item<M>[]): void {
    for (const { record } of items) endRecordSpan(record);
    busMetrics.consumed.inc({ topic: this.claim.topic, group: this.claim.group }, items.length);
  }

  /** Runs the handler until it succeeds (undefined) or fails for a reason that waiting does not cure (that error). */
  async #handle(items: Item<M>[], next: bigint, alone: boolean): Promise<AppError | undefined> {
    const backOff = new BackOff();
    for (;;) {
      this.#checkRunning();
      const thrown = await (alone
        ? inTurn(this.consumer.codec, () => this.#tryAlone(items, next))
        : this.#attempt(items, next, false));
      if (!thrown) break;
      if (isOldEpoch(thrown)) throw oldEpoch();
      this.#checkRunning();
      const error = AppError.from(thrown);
      if (!error.retryable) return error;
      await this.#wait(backOff, error);
    }
    this.#goOn();
    return undefined;
  }

  async #tryAlone(items: Item<M>[], next: bigint): Promise<AppError | undefined> {
    await this.#persist(() => this.claim.trying(items[0]?.stored.offset));
    const error = await this.#attempt(items, next, true);
    if (error && !isOldEpoch(error)) await this.#persist(() => this.claim.trying(undefined));
    return error;
  }

  async #attempt(items: Item<M>[], next: bigint, alone: boolean): Promise<AppError | undefined> {
    for (const item of items) item.attempts++;
    const records = items.map(({ record }) => record);
    const portion = { claim: this.claim, records, next, signal: this.signal };
    const { error, moved } = await this.handOver.attempt(portion, alone);
    if (!error && !moved) await this.#persist(() => this.#commit(next), false);
    return error;
  }

  async #commit(next: bigint): Promise<void> {
    await this.claim.commit(next);
    await passing('event-bus.position.committed');
  }

  async #deadLetter(
    stored: StoredRecord,
    record: ReceivedRecord<M> | undefined,
    failure: Failure,
    next?: bigint,
  ): Promise<void> {
    const { topic, partition, group } = this.claim;
    const { reason, code } = failure.error;
    await this.#tell(stored, record, reason);
    await this.#persist(async () => {
      await passing('event-bus.letter.keeping');
      await this.claim.deadLetter(stored, failure, next);
      await passing('event-bus.letter.kept');
    });
    busMetrics.deadLetters.inc({ topic, group, reason });
    const fields = { topic, partition, group, offset: String(stored.offset), reason, code, attempts: failure.attempts };
    // The message of an unmapped error may quote what it was given; its class does not.
    const cause = failure.error.cause instanceof Error ? failure.error.cause.name : undefined;
    this.consumer.logger.error({ ...fields, cause }, 'Record given up, it is in the dead letters');
  }

  async #tell(stored: StoredRecord, record: ReceivedRecord<M> | undefined, reason: string): Promise<void> {
    const { options } = this.consumer;
    if (!options.onDeadLetter) return;
    const { partition, offset, key, id, time, traceparent } = stored;
    const dead: DeadRecord<M> = record ?? { topic: this.claim.topic, partition, offset, key, id, time, traceparent };
    await this.#persist(async () => {
      try {
        await options.onDeadLetter?.(dead, reason);
      } catch (thrown) {
        const error = AppError.from(thrown);
        if (error.retryable) throw error;
        this.consumer.logger.error(
          { topic: this.claim.topic, reason: error.reason },
          'Dead letter could not be passed on',
        );
      }
    });
  }

  /** Repeats what must happen before the next record until it works; only a lost partition or the end stops it. */
  async #persist<T>(work: () => Promise<T>, stoppable = true): Promise<T> {
    const backOff = new BackOff();
    for (;;) {
      if (stoppable) this.#checkRunning();
      try {
        const result = await work();
        this.#goOn();
        return result;
      } catch (thrown) {
        if (isOldEpoch(thrown)) throw oldEpoch();
        if (this.signal.aborted) throw new Stopped();
        await this.#wait(backOff, AppError.from(thrown));
      }
    }
  }

  #checkRunning(): void {
    if (this.signal.aborted) throw new Stopped();
  }

  async #wait(backOff: BackOff, error: AppError): Promise<void> {
    const { topic, partition, group } = this.claim;
    const { reason } = error;
    busMetrics.retries.inc({ topic, group, reason });
    // The message of an unmapped error may quote what it was given.
    const why = reason === 'UNMAPPED' ? undefined : error.message;
    if (!this.#waiting)
      this.consumer.logger.warn({ topic, partition, group, reason, why }, 'Consumer pauses, a dependency is away');
    this.#waiting = true;
    await backOff.wait(this.signal);
  }

  #goOn(): void {
    if (!this.#waiting) return;
    this.#waiting = false;
    const { topic, partition, group } = this.claim;
    this.consumer.logger.info({ topic, partition, group }, 'Consumer goes on');
  }
}
