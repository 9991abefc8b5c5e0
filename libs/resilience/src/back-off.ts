import { setTimeout as sleep } from 'node:timers/promises';

/** Waits between attempts: doubling up to a limit, with jitter so that many do not return in step. */
export class BackOff {
  #next: number;

  /** @param first @param most milliseconds of the first and of the longest wait, before jitter takes up to half away */
  constructor(
    private readonly first = 100,
    private readonly most = 5000,
  ) {
    this.#next = first;
  }

  /** Milliseconds to wait now; the next answer is twice as long. */
  next(): number {
    const ms = this.#next * (0.5 + Math.random() / 2);
    this.#next = Math.min(this.#next * 2, this.most);
    return ms;
  }

  /** Resolves after the next wait, or at once when the signal aborts. */
  async wait(signal?: AbortSignal): Promise<void> {
    await pause(this.next(), signal);
  }

  /** Starts again with the first wait: an attempt has succeeded. */
  reset(): void {
    this.#next = this.first;
  }
}

/** Resolves after `ms`, or at once when the signal aborts. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
