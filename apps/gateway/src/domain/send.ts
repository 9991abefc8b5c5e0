import { events } from '@parley/contracts';
import type { Progress } from './status-order.js';

/** Where a send stands. The last three are final. */
export type SendState = 'queued' | 'sending' | 'in-doubt' | 'waiting' | 'settled' | 'refused' | 'needs-human';

/** Which topic a send came by: bulk never makes a customer wait. */
export type Lane = 'live' | 'bulk';

/** A send in the hands of the process that owns its partition. */
export interface Send {
  message: events.MessageRequested;
  lane: Lane;
  partition: number;
  /** Position on the topic: the order in which sends to one recipient leave. */
  offset: bigint;
  /** Keyed hash of the recipient and the number it is written to from. */
  recipient: string;
  state: SendState;
  /** How often it was claimed for a POST. */
  attempts: number;
  /** Whether it was sent again after doubt. */
  resent: boolean;
  /** Not before this moment (epoch ms). */
  notBefore: number;
  /** POSTs in a row that never left the machine; not attempts. */
  unsent: number;
}

/** A send that is about to be written for the first time. */
export interface NewSend extends Send {
  reason: string;
}

/** What a claim on a send came to. `posted: false`: nothing left the machine, so the attempt does not count. */
export type Outcome =
  | { state: 'settled'; messageId: string }
  | { state: 'waiting' | 'queued'; retryAt: Date; reason: string; posted: boolean }
  | { state: 'refused' | 'needs-human'; reason: string; posted: boolean }
  | { state: 'in-doubt'; reason: string };

/** The part of a row that outcomes and statuses change. */
export interface SendRow extends Progress {
  sendId: string;
  state: SendState;
  attempts: number;
  resent: boolean;
  retryAt: Date | null;
}

const ACCEPTED = events.SettledStatus.ACCEPTED;
const FAILED = events.SettledStatus.FAILED;

/** States in which the answer to a POST may still change a row. */
const OPEN: ReadonlySet<SendState> = new Set(['sending', 'in-doubt', 'settled']);

/**
 * A row after the outcome of claim number `attempt`, or undefined when it has gone on without it: somebody else has claimed
 * it since. A status that overtook the answer has settled the send already, and no failure takes that back.
 */
export function applyOutcome(row: SendRow, attempt: number, outcome: Outcome): SendRow | undefined {
  if (row.attempts !== attempt || !OPEN.has(row.state)) return undefined;
  if (outcome.state === 'settled') return accepted(row, outcome.messageId);
  if (row.state === 'settled') return row;
  const posted = outcome.state === 'in-doubt' || outcome.posted;
  const next = {
    ...row,
    state: outcome.state,
    reason: outcome.reason,
    retryAt: 'retryAt' in outcome ? outcome.retryAt : null,
    attempts: posted ? row.attempts : row.attempts - 1,
  };
  // A send for a human keeps its status: whether it arrived is not known, and a late "sent" has to count.
  return outcome.state === 'refused' ? { ...next, status: Math.max(row.status, FAILED) } : next;
}

function accepted(row: SendRow, messageId: string): SendRow {
  const otherCopy = row.messageId !== '' && row.messageId !== messageId;
  return {
    ...row,
    state: 'settled',
    retryAt: null,
    reason: row.state === 'settled' ? row.reason : '',
    messageId: row.messageId || messageId,
    status: Math.max(row.status, ACCEPTED),
    deliveredTwice: row.deliveredTwice || otherCopy,
  };
}

/** Whether the conversation has to hear of the change of a row, and as what. */
export function settledAs(before: SendRow, after: SendRow): events.SettledStatus | undefined {
  if (after.state === 'needs-human' && before.state !== 'needs-human') return FAILED;
  if (after.status > before.status || (after.deliveredTwice && !before.deliveredTwice)) return after.status;
  return undefined;
}

/** Whether a send is an approved template. */
export function isTemplate(message: events.MessageRequested): boolean {
  return message.content?.$case === 'template';
}
