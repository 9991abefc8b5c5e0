/** A replica holds the whole rate of a number for this long at a time; shorter slices would cost more than they bring. */
const SLICE_MS = 100;
/** How much may be caught up after a late timer. More would let a second hold more messages than Meta allows. */
const CATCH_UP_MS = 20;

/** How long a slice of a number's time has to be to hold at least one message. */
export function sliceMs(perSecond: number): number {
  return Math.max(SLICE_MS, Math.ceil(1000 / perSecond));
}

/**
 * A slice of a number's time that this replica holds alone: messages are spread over it evenly, and what is not used when
 * it ends is lost. So a crash slows and never exceeds.
 */
export class NumberSlot {
  readonly #spacing: number;
  readonly #most: number;
  readonly #catchUp: number;
  #used = 0;

  /** @param start inclusive, @param end exclusive, both in the clock that `take` is asked by */
  constructor(
    private readonly start: number,
    private readonly end: number,
    perSecond: number,
  ) {
    this.#spacing = 1000 / perSecond;
    this.#most = Math.max(0, Math.ceil((end - start) / this.#spacing - 1e-9));
    this.#catchUp = Math.max(1, Math.floor(CATCH_UP_MS / this.#spacing));
  }

  /** Takes the right to send one message now. */
  take(now: number): boolean {
    if (now < this.start || now >= this.end) return false;
    const due = Math.min(this.#most, Math.floor((now - this.start) / this.#spacing + 1e-9) + 1);
    this.#used = Math.max(this.#used, due - this.#catchUp);
    if (this.#used >= due) return false;
    this.#used++;
    return true;
  }

  /** Whether there is nothing left to take, now or later. */
  isOver(now: number): boolean {
    return now >= this.end || this.#used >= this.#most;
  }

  /** Whether it ends, or is used up, within so many milliseconds. */
  endsWithin(ms: number, now: number): boolean {
    return now + ms >= this.end || this.#used >= this.#most;
  }

  /** Milliseconds until `take` may succeed again. */
  waitFor(now: number): number {
    if (now < this.start) return this.start - now;
    return Math.max(1, this.start + this.#used * this.#spacing - now);
  }
}
