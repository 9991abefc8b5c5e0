import type { NumberSlot } from '../domain/number-slot.js';

/** The time of each number, shared by all replicas. */
export abstract class NumberLeases {
  /**
   * Takes the next slice of a number's time; it begins now or within a few hundred milliseconds. Undefined when others hold
   * all of that: ask again in 100 ms. An unused slice expires by itself.
   */
  abstract lease(phoneNumberId: string, perSecond: number): Promise<NumberSlot | undefined>;

  /** Says, for everybody to see, why a number's channel is stopped; empty: it runs. */
  abstract report(phoneNumberId: string, stoppedReason: string): Promise<void>;
}
