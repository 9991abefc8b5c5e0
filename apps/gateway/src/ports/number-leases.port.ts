import type { NumberSlot } from '../domain/number-slot.js';

/** What asking for a number's time came to. */
export interface NumberLease {
  /** The next slice; undefined when others hold all of the near future. */
  slot: NumberSlot | undefined;
  /** Why the number's channel is stopped, as somebody reported; empty: it runs; undefined without a slot. */
  stoppedReason: string | undefined;
  /** How long ago that was reported; 0 when it runs. */
  stoppedForMs: number;
}

/** The time of each number, and whether it is stopped, shared by all replicas. */
export abstract class NumberLeases {
  /**
   * Takes the next slice of a number's time; it begins now or within a few hundred milliseconds. Without one, ask again in
   * 100 ms. An unused slice expires by itself.
   */
  abstract lease(phoneNumberId: string, perSecond: number): Promise<NumberLease>;

  /** Says, for everybody to see, why a number's channel is stopped; empty: it runs. */
  abstract report(phoneNumberId: string, stoppedReason: string): Promise<void>;
}
