import type { Contact } from '../ports/conversation.js';

/** One item of a verified webhook, reduced to what a conversation may need. */
export interface InboundItem {
  /** wamid, or a hash for other kinds. */
  id: string;
  /** Webhook field; only "messages" concerns conversations. */
  field: string;
  type: string;
  contact: Contact;
  /** Typed text, caption, label of a tap, emoji or name of a place; empty for none. */
  text: string;
  replyId: string | null;
  sentAt: Date;
  /** Set when the customer's number or user id changed. */
  identityChange: { newWaId: string; newUserId: string } | null;
  traceparent: string;
  /** Adds to the span of the hop that brought it. */
  annotate(attributes: Record<string, string>): void;
}

// Nobody answers a reaction, a correction, or a notice of WhatsApp itself.
const QUIET = new Set(['reaction', 'system', 'edit', 'revoke', 'ephemeral', 'request_welcome']);

/** Whether somebody waits for an answer to it. */
export const expectsAnswer = (item: InboundItem): boolean => !QUIET.has(item.type);

/** Meta counts 24 hours from the customer's message; two minutes are kept for the way there. */
const WINDOW_MS = 24 * 3_600_000 - 2 * 60_000;

/** Until when a message may be answered freely. A reaction opens nothing. */
export function windowOf(item: InboundItem): Date | null {
  return expectsAnswer(item) ? new Date(item.sentAt.getTime() + WINDOW_MS) : null;
}

/** The later of two ends of a window. */
export function laterOf(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
