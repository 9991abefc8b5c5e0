interface Sleeper {
  at: number;
  wake: () => void;
}

/** A clock that moves only when it is told to. Serves every `Clock` port (`now()`) and wherever waiting is injected (`sleep`). */
export class FakeClock {
  #now: number;
  #sleepers: Sleeper[] = [];

  constructor(start: Date | string = '2026-11-23T09:00:00Z') {
    this.#now = new Date(start).getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  /** Moves on and wakes, in order of their time, those whose time has come. */
  advance(ms: number): void {
    this.set(new Date(this.#now + ms));
  }

  /** Moves to a moment, back too; nobody is woken by going back. */
  set(moment: Date | string): void {
    this.#now = new Date(moment).getTime();
    const due = this.#sleepers.filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at);
    this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#now);
    for (const { wake } of due) wake();
  }

  /** Resolves when the clock has moved on by `ms`, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper = { at: this.#now + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      const wake = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve();
      };
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** How many are asleep: lets a test wait until the code under test has gone to sleep. */
  get sleeping(): number {
    return this.#sleepers.length;
  }
}
