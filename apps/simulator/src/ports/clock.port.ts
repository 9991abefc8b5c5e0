/** Time, and being called when some of it has passed. */
export abstract class Clock {
  /** Milliseconds since the epoch. */
  abstract now(): number;
  /** Calls `work` once, `ms` from now at the earliest; the function returned takes it back. */
  abstract after(ms: number, work: () => void): () => void;
}
