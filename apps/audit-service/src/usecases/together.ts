import { AppError } from '@parley/errors';

interface Waiting<J, R> {
  readonly job: J;
  readonly resolve: (result: R) => void;
  readonly reject: (thrown: unknown) => void;
}

/**
 * Does jobs that come at the same time as one. One lot is under way at a time, and what comes meanwhile is the next one. When a lot
 * fails, its jobs are done one by one, so that nobody fails for another's fault; only when a dependency is away, all have failed.
 */
export class Together<J, R> {
  #waiting: Waiting<J, R>[] = [];
  #busy = false;

  constructor(
    /** Does a lot, in one go or not at all; a result for each. */
    private readonly work: (jobs: readonly J[]) => Promise<readonly R[]>,
    private readonly sizeOf: (job: J) => number,
    /** Jobs are not put together beyond this size. */
    private readonly most: number,
  ) {}

  run(job: J): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      if (this.#busy) return;
      this.#busy = true;
      // After everything that is handed over in the same turn of the event loop.
      setImmediate(() => void this.#run());
    });
  }

  async #run(): Promise<void> {
    for (let lot = this.#take(); lot.length > 0; lot = this.#take()) await this.#settle(lot);
    this.#busy = false;
  }

  #take(): Waiting<J, R>[] {
    let size = 0;
    const end = this.#waiting.findIndex(({ job }, n) => (size += this.sizeOf(job)) > this.most && n > 0);
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
  }

  async #settle(lot: readonly Waiting<J, R>[]): Promise<void> {
    try {
      const results = await this.work(lot.map(({ job }) => job));
      lot.forEach(({ resolve }, n) => resolve(results[n] as R));
    } catch (thrown) {
      if (lot.length > 1 && AppError.from(thrown).code !== 'UNAVAILABLE') {
        for (const one of lot) await this.#settle([one]);
      } else for (const { reject } of lot) reject(thrown);
    }
  }
}
