import type { events } from '@parley/contracts';
import type { Tx } from '@parley/postgres';
import type { Report } from '../domain/status-order.js';

/** A status report as it came in. */
export interface ReceivedStatus extends Report {
  itemId: string;
  /** Our send id, as Meta echoed it; empty when it did not. */
  sendId: string;
  /** Meta's code of a failure; undefined when it gave none. */
  code?: number;
  recipient: events.MessageStatusReceived['recipient'];
  /** Of the webhook that brought it. */
  traceparent: string;
}

/** What statuses do to the sends they are about. */
export abstract class Statuses {
  /**
   * Moves sends forward, marks the statuses as seen and tells the conversations, in one transaction, which `commit` joins.
   * Statuses of messages whose id is not known yet are kept for `adopt`. Returns the ids of the sends that were found.
   */
  abstract settle(statuses: readonly ReceivedStatus[], commit: (tx: Tx) => Promise<void>): Promise<Set<string>>;

  /** Settles statuses that came before the id of their message was written; returns how many sends it found. */
  abstract adopt(): Promise<number>;
}
