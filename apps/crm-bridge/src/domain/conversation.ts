import type { Contact } from './customer.js';

export type Direction = 'inbound' | 'outbound';
export type Author = 'customer' | 'bot' | 'agent';

/** One line of a conversation, keyed by `messageId`: wamid of an inbound message, send id of an outbound one. */
export interface Line {
  messageId: string;
  direction: Direction;
  author: Author;
  text: string;
  at: Date;
}

/** A line as it comes in. `customerId` is empty when whoever sends it does not know the customer. */
export interface NewEntry extends Line {
  /** wamid of an outbound message, when it is known already. */
  wamid: string;
  conversationId: string;
  customerId: string;
  contact: Contact;
}

/** A line as the CRM shows it; `wamid` is empty while an outbound message has none. */
export interface Entry extends Line {
  wamid: string;
  conversationId: string;
  customerId: string;
}

/** The wamid that an outbound message got. */
export interface Delivery {
  sendId: string;
  wamid: string;
}

/** A transcript for a ticket, one line a message. */
export function transcriptOf(lines: readonly Line[]): string {
  return lines
    .map(({ at, author, text }) => `${at.toISOString()} ${author}: ${text.trim().replace(/\s*\n\s*/g, ' / ')}`)
    .join('\n');
}
