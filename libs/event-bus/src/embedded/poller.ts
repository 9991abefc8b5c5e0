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
  readonly patient: boolean;
  readonly workers: readonly Worker[];
}

/** Reads the log for all partitions of a process: one statement whenever something may be new, one every 250 ms else. */
export class Poller {
  readonly #days = new WeakMap<Worker, string>();
  /** Where the log ended when a worker was last read for. */
  readonly #heads = new WeakMap<Worker, bigint>();
  readonly #stop = new AbortController();
  readonly #bell = new Bell();
  #running: Promise<void> | undefined;
  #away = false;
  /** When the patient were last asked for, and whether they had more. */
  #allAt = -Infinity;
  #more = false;

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

  /** There is room again: worth a look only where more is known to be there, or nothing is known. */
  room(): void {
    const workers = this.members().flatMap((member) => member.workers);
    if (workers.some((worker) => worker.next < (this.#heads.get(worker) ?? worker.next + 1n))) this.#bell.ring();
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
      if (!more) await this.#bell.wait(Math.max(1, this.#allAt + POLL_MS - performance.now()));
    }
  }

  /** Fetches once; whether there is probably more. */
  async #poll(): Promise<boolean> {
    const all = this.#more || performance.now() >= this.#allAt + POLL_MS;
    const asked = this.members().filter(({ patient }) => all || !patient);
    if (all) this.#allAt = performance.now();
    const workers = asked.flatMap((member) => member.workers);
    if (workers.length === 0) return false;
    try {
      const wants = workers.map((worker) => this.#want(worker));
      const found = await fetchRecords(this.db, wants, FETCH_BYTES);
      if (this.#away) this.logger.info('The event log answers again');
      this.#away = false;
      const full = workers.map((worker, index) => this.#hand(worker, found[index]));
      this.#more = all && full.includes(true);
      return full.includes(true);
    } catch (thrown) {
      const { reason } = AppError.from(thrown);
      if (!this.#away) this.logger.warn({ reason }, 'The event log does not answer');
      this.#away = true;
      return false;
    }
  }

  #want(worker: Worker): Want {
    const { topic, partition } = worker.claim;
    const day = this.#days.get(worker) ?? ANY_DAY;
    return { topic, partition, from: worker.next, day, limit: Math.min(worker.room, FETCH_RECORDS) };
  }

  #hand(worker: Worker, fetched: Fetched | undefined): boolean {
    this.#heads.set(worker, fetched?.head ?? worker.next);
    if (!fetched) {
      worker.report(worker.next);
      return false;
    }
    if (fetched.day) this.#days.set(worker, fetched.day);
    worker.push(fetched.records);
    worker.report(fetched.head);
    return fetched.records.length > 0 && worker.room > 0 && worker.next < fetched.head;
  }
}
