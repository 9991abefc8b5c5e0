import { AppError } from '@parley/errors';
import type { Database } from '@parley/postgres';
import type { Logger } from '@parley/telemetry';
import { Bell } from '../bell.js';
import type { PartitionWorker } from '../partition-worker.js';
import { ANY_DAY, fetchRecords, type Fetched, type Want } from './log-client.js';

/** A notification is only a hint, so the log is looked at this often anyway. */
const POLL_MS = 250;
/** Records of one partition per statement, and their bytes. */
const FETCH_RECORDS = 500;
const FETCH_BYTES = 1_000_000;

type Worker = Pick<PartitionWorker<never>, 'claim' | 'next' | 'room' | 'push' | 'report'>;

/** A subscription and its partitions; a patient one is not asked for with every hint. */
interface Member {
  readonly patienceMs: number;
  readonly workers: readonly Worker[];
}

/** What is known of a worker's partition. */
interface Known {
  day: string;
  /** Offset after the newest record. */
  head: bigint;
}

/** Reads the log for all partitions of a process: one statement whenever something may be new, one now and then else. */
export class Poller {
  readonly #known = new WeakMap<Worker, Known>();
  /** When each subscription was last asked for; absent: it is to be asked for now. */
  readonly #askedAt = new WeakMap<Member, number>();
  readonly #stop = new AbortController();
  readonly #bell = new Bell();
  #running: Promise<void> | undefined;
  #away = false;

  constructor(
    private readonly db: Database,
    private readonly members: () => Member[],
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /** Something may be new. */
  hint(): void {
    this.#bell.ring();
  }

  /** A worker has room again, or is new. Unless something was left behind for want of room there is nothing to get. */
  room(): void {
    const starves = (worker: Worker): boolean => {
      const known = this.#known.get(worker);
      return !known || (worker.next < known.head && worker.room > 0);
    };
    for (const member of this.members()) {
      if (!member.workers.some(starves)) continue;
      this.#askedAt.delete(member);
      this.#bell.ring();
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#bell.ring();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#bell.reset();
      const more = await this.#poll();
      if (!more) await this.#bell.wait(Math.max(1, this.#dueAt() - performance.now()));
    }
  }

  /** Fetches once; whether there is probably more. */
  async #poll(): Promise<boolean> {
    const now = performance.now();
    const asked = this.members().filter((member) => !member.patienceMs || now >= this.#dueOf(member));
    for (const member of asked) this.#askedAt.set(member, now);
    const workers = asked.flatMap((member) => member.workers);
    if (workers.length === 0) return false;
    try {
      const wants = workers.map((worker) => this.#want(worker));
      const found = await fetchRecords(this.db, wants, FETCH_BYTES);
      if (this.#away) this.logger.info('The event log answers again');
      this.#away = false;
      const full = new Set(workers.filter((worker, index) => this.#hand(worker, found[index])));
      for (const member of asked) if (member.workers.some((worker) => full.has(worker))) this.#askedAt.delete(member);
      return full.size > 0;
    } catch (thrown) {
      const { reason } = AppError.from(thrown);
      if (!this.#away) this.logger.warn({ reason }, 'The event log does not answer');
      this.#away = true;
      return false;
    }
  }

  #dueOf(member: Member): number {
    return (this.#askedAt.get(member) ?? -Infinity) + (member.patienceMs || POLL_MS);
  }

  #dueAt(): number {
    const dues = this.members().map((member) => this.#dueOf(member));
    return Math.min(performance.now() + POLL_MS, ...dues);
  }

  #want(worker: Worker): Want {
    const { topic, partition } = worker.claim;
    const day = this.#known.get(worker)?.day ?? ANY_DAY;
    return { topic, partition, from: worker.next, day, limit: Math.min(worker.room, FETCH_RECORDS) };
  }

  #hand(worker: Worker, fetched: Fetched | undefined): boolean {
    const { day = ANY_DAY, head = worker.next } = this.#known.get(worker) ?? {};
    this.#known.set(worker, { day: fetched?.day ?? day, head: fetched?.head ?? head });
    if (!fetched) {
      worker.report(worker.next);
      return false;
    }
    worker.push(fetched.records);
    worker.report(fetched.head);
    return fetched.records.length > 0 && worker.room > 0 && worker.next < fetched.head;
  }
}
