import { gauge } from '@parley/telemetry';

const inHand = gauge('parley_gateway_webhook_bytes_in_hand', 'Bytes of webhook bodies that are not answered yet');

/** Bodies of this size are always read: an ordinary webhook never waits, and is never refused, for what others send. */
const ALWAYS = 64 * 1024;

/**
 * How many bytes of bodies may be in memory at a time. A large body beyond it is refused at once: nobody waits for room that slow
 * senders hold, and memory stays within the budget and what ordinary bodies need.
 */
export class BodyBudget {
  #used = 0;

  constructor(private readonly most: number) {}

  /** Counts bytes that have come; false when the body they belong to is to be given up. */
  take(bytes: number, soFar: number): boolean {
    this.#used += bytes;
    inHand.set(this.#used);
    return soFar <= ALWAYS || this.#used <= this.most;
  }

  /** Gives back what a body had taken, once it is answered. */
  release(bytes: number): void {
    this.#used -= bytes;
    inHand.set(this.#used);
  }
}
