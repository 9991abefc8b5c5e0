/** Meta allows one message per 6 s to one user, and a burst of 45 that is paid back by waiting. */
const INTERVAL_MS = 6000;
const BURST = 45;

/** History beyond this says nothing any more: the bucket is full again. */
export const PAIR_HISTORY_MS = INTERVAL_MS * BURST;

/**
 * How soon the next message may go to each recipient. One number per recipient: the moment at which its bucket would be full
 * again (generic cell rate algorithm).
 */
export class PairLimit {
  readonly #fullAt = new Map<string, number>();

  /** Milliseconds until a message may go to this recipient; 0: now. */
  waitFor(recipient: string, now: number): number {
    const fullAt = this.#fullAt.get(recipient) ?? now;
    return Math.max(0, fullAt - (BURST - 1) * INTERVAL_MS - now);
  }

  /** A message goes, or went, at this moment. */
  spend(recipient: string, at: number): void {
    this.#fullAt.set(recipient, Math.max(this.#fullAt.get(recipient) ?? 0, at) + INTERVAL_MS);
    if (this.#fullAt.size > 50_000) this.#forget(at);
  }

  /** Takes over the history of somebody else: moments at which messages went, oldest first. */
  restore(recipient: string, moments: readonly number[]): void {
    this.#fullAt.delete(recipient);
    for (const at of moments) this.spend(recipient, at);
  }

  #forget(now: number): void {
    for (const [recipient, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(recipient);
  }
}
