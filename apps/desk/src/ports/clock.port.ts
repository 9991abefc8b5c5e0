/** What time it is, and how to wait. */
export abstract class Clock {
  abstract now(): Date;

  /** Resolves after `ms`, or at once when `signal` aborts. */
  abstract sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
