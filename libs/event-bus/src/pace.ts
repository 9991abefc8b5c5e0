/** Records that make waiting for them worth it: a commit, or a request to a broker, costs as much as fifty. */
const WORTH = 8;
/** How much the past counts, by each measurement. */
const PAST = 0.8;

/** How fast records come, and so how long the first of a batch had better wait for the others. */
export class Pace {
  #perMs = 0;
  #count = 0;
  #since = performance.now();

  constructor(
    /** In quiet times, where company may not come. */
    private readonly shortestMs: number,
    /** In busy times, when at least `WORTH` records come meanwhile. */
    private readonly longestMs: number,
  ) {}

  came(records: number): void {
    this.#count += records;
  }

  /** How long to wait now; measures from one call to the next. */
  waitMs(now = performance.now()): number {
    const elapsed = now - this.#since;
    if (elapsed >= this.longestMs) {
      this.#perMs = PAST * this.#perMs + (1 - PAST) * (this.#count / elapsed);
      this.#count = 0;
      this.#since = now;
    }
    return this.#perMs * this.longestMs >= WORTH ? this.longestMs : this.shortestMs;
  }
}
