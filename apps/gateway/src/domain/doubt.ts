import { events } from '@parley/contracts';

/** How long at most a gateway that was down waits for the first status before the wait counts. */
const FIRST_STATUS_MS = 120_000;

/** When waiting for a status began to count, for sends whose answer an earlier process did not get. */
export class DoubtClock {
  #firstStatusAt: number | undefined;

  /** @param startedAt when this process began to receive statuses */
  constructor(private readonly startedAt: number) {}

  /** A status came in that was received at this moment. */
  statusReceived(at: number): void {
    if (this.#firstStatusAt === undefined && at >= this.startedAt) this.#firstStatusAt = at;
  }

  /**
   * Until when to wait for a status of a send. Only time in which we could have heard of it counts: for a send left behind
   * by a stop, from the first status received since, at the latest 120 s after the start.
   */
  deadline(doubt: { since: number; leftBehind: boolean }, waitMs: number): number {
    if (!doubt.leftBehind) return doubt.since + waitMs;
    const counting = Math.min(this.#firstStatusAt ?? Number.POSITIVE_INFINITY, this.startedAt + FIRST_STATUS_MS);
    return Math.max(doubt.since, counting) + waitMs;
  }
}

/** What is known of a send when the wait is over without a status. */
export interface DoubtfulSend {
  bulk: boolean;
  category: events.MessageCategory;
  template: boolean;
  resent: boolean;
  windowUntil: Date | undefined;
}

/**
 * What becomes of it: a free-form reply is sent again, once and while its window is open. Everything else is for a human,
 * since a second copy of an advertisement is worse than none.
 */
export function afterDoubt(send: DoubtfulSend, now: Date): 'resend' | 'needs-human' {
  const reply = send.category === events.MessageCategory.REPLY && !send.template && !send.bulk;
  const open = send.windowUntil === undefined || now < send.windowUntil;
  return reply && open && !send.resent ? 'resend' : 'needs-human';
}
