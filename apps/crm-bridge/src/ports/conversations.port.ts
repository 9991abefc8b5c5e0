import type { Contact } from '../domain/customer.js';
import type { Entry, NewEntry } from '../domain/conversation.js';

/** Lines of conversations. */
export abstract class Conversations {
  /** Writes lines, each once by its message id; returns how many were new. */
  abstract log(entries: readonly NewEntry[]): Promise<number>;

  /** The latest `limit` lines with a contact, oldest first, with the customer they are matched to now. */
  abstract list(contact: Contact, limit: number): Promise<Entry[]>;
}
