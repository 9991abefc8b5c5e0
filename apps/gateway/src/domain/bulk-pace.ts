/** After the last live message of a number it counts as busy for this long: nobody who writes waits behind a campaign. */
const BUSY_MS = 2000;
/** What bulk leaves free of a number's rate even where live messages need nothing: the next one must not wait for its turn. */
const RESERVE = 0.1;
const SECOND = 1000;

/**
 * How soon a campaign's message may leave from a number. While customers are being answered it gets what they leave of the
 * number's rate, and no more than `besideLive` a second, since machine and database are shared too; alone it may have everything.
 */
export class BulkPace {
  readonly #live: number[] = [];
  #lastLive = Number.NEGATIVE_INFINITY;
  #nextAt = 0;

  constructor(
    private readonly perSecond: number,
    private readonly besideLive: number,
  ) {}

  /** A live message leaves. */
  live(now: number): void {
    this.#lastLive = now;
    this.#live.push(now);
    // Only what is younger than a second counts; more than the rate cannot be.
    if (this.#live.length > 2 * this.perSecond) this.#forget(now);
  }

  /** Milliseconds until a bulk message may leave; 0: now. */
  waitFor(now: number): number {
    return Math.max(0, this.#nextAt - now);
  }

  /** A bulk message leaves. */
  spend(now: number): void {
    // Evenly, and nothing is caught up: a burst is what customers would wait behind.
    this.#nextAt = now + SECOND / this.#rate(now);
  }

  #rate(now: number): number {
    if (now - this.#lastLive > BUSY_MS) return Number.POSITIVE_INFINITY;
    this.#forget(now);
    const left = this.perSecond * (1 - RESERVE) - this.#live.length;
    return Math.max(1, Math.min(this.besideLive, left));
  }

  #forget(now: number): void {
    const young = this.#live.findIndex((at) => now - at < SECOND);
    this.#live.splice(0, young < 0 ? this.#live.length : young);
  }
}
