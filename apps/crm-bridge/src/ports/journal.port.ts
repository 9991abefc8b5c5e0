import type { Tx } from '@parley/postgres';
import type { ConsentChange } from '../domain/consent.js';
import type { Delivery, NewEntry } from '../domain/conversation.js';
import type { NewTask, NewTicket } from '../domain/work.js';

/** Proof that a batch of events was dealt with, to be committed with its effect. */
export interface Receipt {
  commitIn(tx: Tx): Promise<void>;
}

/** What one event asks of the CRM; most events ask for nothing. */
export interface ConversationFact {
  eventId: string;
  /** When it happened; what happened before a contact was erased is not taken over. */
  at?: Date;
  entry?: NewEntry;
  delivery?: Delivery;
  ticket?: NewTicket;
  task?: NewTask;
}

export interface ConsentFact {
  eventId: string;
  change: ConsentChange;
}

/** Takes over what the event log says, each event once: its mark, its effect and the receipt commit together. */
export abstract class Journal {
  abstract conversation(facts: readonly ConversationFact[], receipt: Receipt): Promise<void>;
  abstract consent(facts: readonly ConsentFact[], receipt: Receipt): Promise<void>;
}
