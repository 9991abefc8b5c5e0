import { graphReason, isKnownCode, pauseAfter, treatmentOf } from './graph-errors.js';
import type { Outcome, Send } from './send.js';

/** What a POST came to, as far as judging it goes. */
export type Answer =
  | { kind: 'accepted'; messageId: string }
  | { kind: 'answered'; code: number }
  | { kind: 'not-sent'; reason: string }
  | { kind: 'unknown'; reason: string };

/** What follows for the send, and for the number it left from. */
export interface Judgement {
  outcome: Outcome;
  /** Nothing more leaves from this number for a while. */
  pauseNumberMs?: number;
  /** The channel of this number is stopped until somebody acts, for this reason. */
  stopNumber?: string;
  /** A code the table does not know: worth a look. */
  unknownCode?: number;
}

/** Replies of others must not wait for hours because one message was refused; after this the number tries again. */
const MOST_NUMBER_PAUSE_MS = 60_000;

/** Pauses after POSTs that never left: at once, then doubling up to 5 s. */
function unsentPause(times: number): number {
  return times === 0 ? 0 : Math.min(5000, 125 * 2 ** times);
}

/** Decides what becomes of a send by the answer to its POST: the table of Graph errors, and the rules of doubt. */
export function judge(send: Pick<Send, 'attempts' | 'unsent'>, answer: Answer, now: Date): Judgement {
  switch (answer.kind) {
    case 'accepted':
      return { outcome: { state: 'settled', messageId: answer.messageId } };
    case 'unknown':
      return { outcome: { state: 'in-doubt', reason: answer.reason } };
    case 'not-sent': {
      const retryAt = new Date(now.getTime() + unsentPause(send.unsent));
      return { outcome: { state: 'waiting', retryAt, reason: answer.reason, posted: false } };
    }
    case 'answered':
      return judgeCode(send.attempts, answer.code, now);
  }
}

function judgeCode(attempts: number, code: number, now: Date): Judgement {
  const treatment = treatmentOf(code);
  const reason = graphReason(code);
  const unknownCode = isKnownCode(code) ? undefined : code;
  if (treatment.class === 'never') return { outcome: { state: 'refused', reason, posted: true }, unknownCode };
  const pause = pauseAfter(treatment, attempts);
  const retryAt = new Date(now.getTime() + pause);
  if (treatment.class === 'fix-config') {
    return { outcome: { state: 'queued', retryAt: now, reason, posted: true }, stopNumber: reason };
  }
  if (attempts >= treatment.mostAttempts) return { outcome: { state: 'refused', reason, posted: true } };
  const pauseNumberMs = treatment.slowsNumber ? Math.min(pause, MOST_NUMBER_PAUSE_MS) : undefined;
  return { outcome: { state: 'waiting', retryAt, reason, posted: true }, pauseNumberMs };
}
