import { setTimeout as sleep } from 'node:timers/promises';

/** Waits between attempts: doubling up to five seconds, with jitter so that consumers do not return in step. */
export class BackOff {
  #next: number;

  constructor(
    private readonly first = 100,
    private readonly most = 5000,
  ) {
    this.#next = first;
  }

  /** Resolves after the next wait, or at once when the signal aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    const ms = this.#next * (0.5 + Math.random() / 2);
    this.#next = Math.min(this.#next * 2, this.most);
    await pause(ms, signal);
  }

  reset(): void {
    this.#next = this.first;
  }
}

/** Resolves after `ms`, or at once when the signal aborts. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
