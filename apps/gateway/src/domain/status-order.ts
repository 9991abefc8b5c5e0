import { events } from '@parley/contracts';

const { SettledStatus } = events;

/** Meta's words in the order of settling; a word never seen before has no rank and moves nothing. */
const RANKS: ReadonlyMap<string, events.SettledStatus> = new Map([
  ['accepted', SettledStatus.ACCEPTED],
  ['sent', SettledStatus.SENT],
  ['failed', SettledStatus.FAILED],
  ['delivered', SettledStatus.DELIVERED],
  ['read', SettledStatus.READ],
  ['played', SettledStatus.PLAYED],
]);

/** How far a status says a message has got; undefined for an unknown one. */
export function rankOf(status: string): events.SettledStatus | undefined {
  return RANKS.get(status);
}

/** What is known of a send, as far as statuses change it. */
export interface Progress {
  /** wamid; empty while unknown. */
  messageId: string;
  status: events.SettledStatus;
  reason: string;
  deliveredTwice: boolean;
}

/** One report about a send. */
export interface Report {
  messageId: string;
  status: events.SettledStatus;
  at: Date;
  reason: string;
}

/**
 * The progress after a report; the highest status ever seen holds, in whatever order reports come. A report about another
 * copy of the message (it was sent again while in doubt) says that it went out twice, unless that copy failed.
 */
export function advance(known: Progress, report: Report): Progress {
  const failed = report.status === SettledStatus.FAILED;
  const otherCopy = known.messageId !== '' && report.messageId !== '' && report.messageId !== known.messageId;
  if (otherCopy && failed) return known;
  const moved = report.status > known.status;
  return {
    messageId: known.messageId || report.messageId,
    status: moved ? report.status : known.status,
    // Delivered after all: the failure is history.
    reason: moved ? report.reason : known.reason,
    deliveredTwice: known.deliveredTwice || otherCopy,
  };
}
