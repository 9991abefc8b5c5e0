import type { Lane, Send } from '../domain/send.js';

/** Most claims and POSTs under way: as many as the pool has connections, and as many again waiting for one. */
const MOST = 256;
/** Of these, most that belong to campaigns: a Graph API or a consent ledger that is slow must not fill all of it with them. */
const MOST_BULK = 32;

/** The sends that are being claimed or posted at this moment. */
export class ActiveSends {
  readonly #sends = new Set<Send>();
  #bulk = 0;
  #waiting: (() => void)[] = [];

  has(send: Send): boolean {
    return this.#sends.has(send);
  }

  /** Whether no more of a lane may begin. */
  isFull(lane: Lane): boolean {
    return this.#sends.size >= MOST || (lane === 'bulk' && this.#bulk >= MOST_BULK);
  }

  add(send: Send): void {
    if (this.#sends.has(send)) return;
    this.#sends.add(send);
    if (send.lane === 'bulk') this.#bulk++;
  }

  delete(send: Send): void {
    if (this.#sends.delete(send) && send.lane === 'bulk') this.#bulk--;
  }

  /** Resolves when something has ended since. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Tells everybody who waits. */
  notify(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Resolves when none of these is under way. */
  async idle(which: (send: Send) => boolean): Promise<void> {
    while ([...this.#sends].some(which)) await this.change();
  }
}
