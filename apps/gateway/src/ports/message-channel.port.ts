import type { GraphPayload } from '../domain/graph-payload.js';

/** What became of one POST. */
export type PostResult = {
  /** What the other side said, without secrets; absent when it said nothing. */
  response?: Record<string, unknown>;
  durationMs: number;
} & (
  | { kind: 'accepted'; messageId: string }
  /** The channel said no, by a code of its own. */
  | { kind: 'answered'; code: number; details: string; traceId: string }
  /** For certain nothing was sent: the connection failed before a byte was written. */
  | { kind: 'not-sent'; reason: string }
  /** Nobody knows: a time-out, a reset, an answer that makes no sense. */
  | { kind: 'unknown'; reason: string }
);

/** The channel messages leave by. */
export abstract class MessageChannel {
  /** Posts once. Never throws: whatever happens is a result. */
  abstract post(phoneNumberId: string, payload: GraphPayload): Promise<PostResult>;
}
