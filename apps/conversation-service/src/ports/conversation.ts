import type { CallOutcome, CallRecord, DialogState, ReplyMessage } from '../domain/turn.js';

/** Who somebody is on WhatsApp, and which of our numbers they write to; unknown parts are empty. */
export interface Contact {
  phoneNumberId: string;
  userId: string;
  waId: string;
  profileName: string;
}

/** Who answers. */
export type AnsweredBy = 'bot' | 'queued' | 'human';

/** One customer's conversation with one number, as read at `version`. */
export interface Conversation {
  id: string;
  contact: Contact;
  /** Keyed hashes of every identity that leads here; they open the person's key. */
  identities: string[];
  /** CRM id; empty for an unknown number. */
  customerId: string;
  displayName: string;
  state: AnsweredBy;
  agentId: string;
  team: string;
  handoffReason: string;
  language: string;
  intent: string;
  windowUntil: Date | null;
  dialog: DialogState;
  /** The last thing said, shortened and masked. */
  lastText: string;
  unread: number;
  version: bigint;
  updatedAt: Date;
}

/** One line of a transcript, already masked. */
export interface Said {
  /** wamid of an inbound message, send id of an outbound one. */
  messageId: string;
  direction: 'inbound' | 'outbound';
  author: 'customer' | 'bot' | 'agent';
  agentId: string;
  text: string;
  type: string;
  /** Labels of the choices offered with it. */
  choices: string[];
  at: Date;
}

/** How far a message has got, in the order of settling; 0 is "not yet accepted". */
export type Settled = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** A line with what became of it. */
export interface TranscriptLine extends Said {
  settled: Settled;
  wamid: string;
  failureReason: string;
}

/** What a fact is about. */
export type FactBody =
  | { kind: 'message-recorded'; said: Said }
  | {
      kind: 'handoff-requested';
      handoffId: string;
      reason: string;
      team: string;
      intent: string;
      transcript: Said[];
      language: string;
      priority: 'low' | 'normal' | 'high' | 'urgent';
    }
  | {
      kind: 'task-requested';
      idempotencyKey: string;
      subject: string;
      orderNumber: string;
      dueAt: Date;
      description: string;
    }
  | { kind: 'state-changed'; previous: AnsweredBy; current: AnsweredBy; agentId: string }
  | { kind: 'intent-understood'; messageId: string; intent: string; confidence: number; language: string }
  | { kind: 'call-made'; call: CallRecord };

/** Something that happened in a conversation; leaves with the transaction that made it true. */
export interface Fact {
  id: string;
  at: Date;
  /** "name@version"; empty outside flows. */
  flow: string;
  orderNumber: string;
  traceparent: string;
  body: FactBody;
}

/** A message that was decided and is to be sent, once. */
export interface Send {
  id: string;
  reply: Pick<ReplyMessage, 'text' | 'language' | 'buttons' | 'list'>;
  windowUntil: Date;
  /** wamid it answers; empty for an agent's own message. */
  inReplyTo: string;
  decidedBy: string;
  at: Date;
  traceparent: string;
}

/** Everything one transaction does to one conversation. It holds only if the conversation is still at `before.version`. */
export interface Change {
  before: Conversation;
  after: Conversation;
  /** Inbox marks of the items it answers. */
  itemIds: string[];
  said: Said[];
  facts: Fact[];
  sends: Send[];
  /** Results of writing calls; they commit with what was made of them. */
  results: { messageId: string; step: string; outcome: CallOutcome }[];
  /** Set when an agent wrote: the same key never writes twice. */
  agentReply: { key: string; requestHash: string; sendId: string } | null;
}

/** A change that changes nothing yet. */
export const noChange = (before: Conversation): Change => ({
  before,
  after: before,
  itemIds: [],
  said: [],
  facts: [],
  sends: [],
  results: [],
  agentReply: null,
});
