/** How often a key was tried within the window that began with its first attempt. */
export interface Tried {
  key: string;
  count: number;
  began: Date;
}

/** Counts attempts, over all processes. */
export abstract class Attempts {
  /** Counts one attempt for each key and returns the counts with it. A window that is over starts anew. */
  abstract take(keys: readonly string[], now: Date, windowMs: number): Promise<Tried[]>;

  /** Takes back one attempt of each key: it was none. */
  abstract giveBack(keys: readonly string[]): Promise<void>;

  /** Forgets keys altogether. */
  abstract forget(keys: readonly string[]): Promise<void>;

  /** Removes windows that began before a moment. */
  abstract purge(before: Date): Promise<void>;
}
