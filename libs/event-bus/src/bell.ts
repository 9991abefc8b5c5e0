/** Wakes a loop that looks for work now and then, as soon as there may be some. */
export class Bell {
  #rung = false;
  #wake: () => void = () => undefined;

  /** There may be work, or it is time to end. */
  ring(): void {
    this.#rung = true;
    this.#wake();
  }

  /** Forgets what was rung so far; to be called before looking, so that nothing which comes meanwhile is missed. */
  reset(): void {
    this.#rung = false;
  }

  /** Resolves after `ms`, or at once when it rings, or has rung since the last `reset`. */
  wait(ms: number): Promise<void> {
    if (this.#rung) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
