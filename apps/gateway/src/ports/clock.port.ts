/** Where the time comes from. */
export abstract class Clock {
  abstract now(): Date;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => new Date() };
