import type { Tx } from '@parley/postgres';
import { AppError } from '@parley/errors';
import { passing } from '@parley/resilience';
import type { Claim, Move } from './claim.js';
import type { Consumer } from './delivery.js';
import { oldEpoch } from './errors.js';
import type { ReceivedRecord } from './event-bus.js';
import { inBatchSpan } from './spans.js';

/** Batches of one subscription under way at a time: while one commits, the next is being worked on. */
const AT_ONCE = 2;
/** One that takes longer waits for somebody; the partitions that are not in it do not wait with it. */
const SLOW_MS = 50;

/** Consecutive records of one partition, decoded. */
export interface Portion<M> {
  claim: Claim;
  records: ReceivedRecord<M>[];
  /** The position once they are handled. */
  next: bigint;
  signal: AbortSignal;
}

/** What became of a portion: `error` when it was not handled, `moved` when the position was committed with the effect. */
export interface Outcome {
  error?: AppError;
  moved: boolean;
}

/** Moves the positions of several partitions of one member in one transaction. @throws AppError `BUS.OLD_EPOCH` when one of them is lost */
export type MovePositions = (tx: Tx, moves: readonly Move[]) => Promise<void>;

interface Waiting<M> {
  portion: Portion<M>;
  settle: (outcome: Outcome) => void;
}

/** Abort reason of a partition that is already somebody else's: its effects must not commit. */
export const LOST = 'lost';

/**
 * Calls the handler of one subscription. With `acrossPartitions` what several partitions have ready goes to it as one batch; if
 * that fails, whatever the reason, each of them is handed over by itself, as if they had never met.
 */
export class HandOver<M> {
  #waiting: Waiting<M>[] = [];
  /** When those under way began. */
  readonly #underWay = new Set<number>();
  #timer: NodeJS.Timeout | undefined;
  #scheduled = false;

  constructor(
    private readonly consumer: Consumer<M>,
    private readonly movePositions: MovePositions,
  ) {}

  /** Hands a portion over, with others or (`alone` in any case) by itself. Never rejects. */
  attempt(portion: Portion<M>, alone: boolean): Promise<Outcome> {
    if (alone || !this.consumer.options.acrossPartitions) return this.#handle([portion]);
    return new Promise((settle) => {
      this.#waiting.push({ portion, settle });
      // Whatever arrived in the same fetch is decoded in this turn of the event loop, and goes along.
      if (!this.#scheduled) setImmediate(() => this.#go());
      this.#scheduled = true;
    });
  }

  #go(): void {
    this.#scheduled = false;
    clearTimeout(this.#timer);
    while (this.#waiting.length > 0) {
      const wait = this.#wait();
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#go(), wait);
        return;
      }
      void this.#together(this.#take());
    }
  }

  /** Milliseconds until one more may begin. */
  #wait(): number {
    const now = performance.now();
    const quick = [...this.#underWay].filter((began) => now - began < SLOW_MS).sort((a, b) => a - b);
    const oldest = quick[quick.length - AT_ONCE];
    return oldest === undefined ? 0 : Math.ceil(oldest + SLOW_MS - now);
  }

  /** As many portions as make one batch. */
  #take(): Waiting<M>[] {
    const most = this.consumer.options.maxRecords ?? 500;
    let records = 0;
    const count = this.#waiting.findIndex(({ portion }, at) => {
      records += portion.records.length;
      return at > 0 && records > most;
    });
    return this.#waiting.splice(0, count < 0 ? this.#waiting.length : count);
  }

  async #together(waiting: Waiting<M>[]): Promise<void> {
    let began = performance.now();
    while (this.#underWay.has(began)) began += 0.001;
    this.#underWay.add(began);
    const outcome = await this.#handle(waiting.map(({ portion }) => portion));
    const apart = outcome.error !== undefined && waiting.length > 1;
    await Promise.all(
      waiting.map(async ({ portion, settle }) => settle(apart ? await this.#handle([portion]) : outcome)),
    );
    this.#underWay.delete(began);
    this.#go();
  }

  async #handle(portions: Portion<M>[]): Promise<Outcome> {
    const { options } = this.consumer;
    const topic = options.topic.name;
    const signals = portions.map(({ signal }) => signal);
    const [only] = signals;
    let moved = false;
    const commitIn = async (tx: Tx): Promise<void> => {
      if (signals.some(({ aborted, reason }) => aborted && reason === LOST)) throw oldEpoch();
      await passing('event-bus.position.moving');
      await this.movePositions(tx, portions);
      await passing('event-bus.position.moved');
      moved = portions.every(({ claim }) => claim.transactional);
    };
    const records = portions.flatMap((portion) => portion.records);
    const signal = only && signals.length === 1 ? only : AbortSignal.any(signals);
    try {
      await inBatchSpan(records, options.group, () => options.handle({ topic, records, signal, commitIn }));
      await passing('event-bus.records.handled');
      return { moved };
    } catch (thrown) {
      return { error: AppError.from(thrown), moved: false };
    }
  }
}
