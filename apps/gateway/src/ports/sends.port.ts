import type { Tx } from '@parley/postgres';
import type { GraphPayload } from '../domain/graph-payload.js';
import type { Lane, NewSend, Outcome, Send, SendState } from '../domain/send.js';
import type { PostResult } from './message-channel.port.js';

/** The outcome of one claim, and the evidence of what was posted. */
export interface ClaimResult {
  send: Send;
  outcome: Outcome;
  /** Request and answer, when a POST was made. */
  evidence?: { request: GraphPayload; result: PostResult };
  /** W3C trace context of the POST. */
  traceparent?: string;
}

/** What an owner finds when it takes a partition over. */
export interface LeftBehind {
  /** Every send that is not final, in the order of its topic. */
  sends: Send[];
  /** When messages went to each recipient lately, oldest first. */
  history: Map<string, number[]>;
}

/** Every send there ever was, by its id. Bodies and recipients are encrypted. */
export abstract class Sends {
  /** The keyed hash under which a recipient is looked up. */
  abstract recipientOf(message: Send['message']): string;

  /**
   * Writes sends that are not there yet, and in the same transaction commits the position of the batch; returns the ids that
   * were new. Refusals are told to the conversation.
   */
  abstract accept(sends: readonly NewSend[], commit: (tx: Tx) => Promise<void>): Promise<Set<string>>;

  /** What was left on these partitions of a lane; claims that nobody holds any more come back in doubt. */
  abstract leftBehind(lane: Lane, partitions: readonly number[]): Promise<LeftBehind>;

  /** Those of these sends that are not final. With `undo`, those whose claim was never acted on are queued again first; without, open claims come back in doubt. */
  abstract find(sendIds: readonly string[], undo: boolean): Promise<Send[]>;

  /**
   * Claims sends for a POST: of several claimers one gets each. `resent` marks those that go a second time after doubt. Safe to
   * repeat when its outcome was not heard: a claim of ours for the attempt after `attempts` is ours still.
   */
  abstract claim(sends: readonly Send[], resent: boolean): Promise<Set<string>>;

  /** Writes what claims came to, with events and evidence, in one transaction; returns the states the sends are in now. */
  abstract settle(results: readonly ClaimResult[]): Promise<Map<string, SendState>>;

  /** Those of these sends that are no longer in doubt, with the states they are in. */
  abstract resolved(sendIds: readonly string[]): Promise<Map<string, SendState>>;
}
