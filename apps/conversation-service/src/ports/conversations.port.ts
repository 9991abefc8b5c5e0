import type { Tx } from '@parley/postgres';
import type { AnsweredBy, Change, Contact, Conversation, Settled, TranscriptLine } from './conversation.js';

/** The reader's position, which commits with the effect. */
export type Checkpoint = (tx: Tx) => Promise<void>;

/** What is to be committed together. */
export interface Commit {
  changes: Change[];
  /** Items that are to be marked as seen and have no effect. */
  ignoredIds: string[];
  /** Absent when items of the batch are still to be answered. */
  checkpoint?: Checkpoint;
}

/** A change of a customer's own identity, as Meta announced it. */
export interface IdentityChange {
  contact: Contact;
  newWaId: string;
  newUserId: string;
  /** wamid of the announcement. */
  messageId: string;
}

/** How far a message of ours has got. */
export interface Settlement {
  sendId: string;
  settled: Settled;
  wamid: string;
  reason: string;
}

/** Conversations at rest. Bodies, names and numbers are sealed under the person's key; look-ups go by keyed hashes. */
export abstract class Conversations {
  /** Which of these items have had no effect yet. */
  abstract unseen(itemIds: readonly string[]): Promise<Set<string>>;

  /**
   * The conversations of these contacts, in their order; made when absent. Both keys of a customer lead to the same row:
   * two conversations that turn out to be one person's are merged, which is recorded.
   */
  abstract open(contacts: readonly Contact[]): Promise<Conversation[]>;

  /** Adds identities that Meta announced to the conversations of the old ones, with a record of it. */
  abstract addIdentities(changes: readonly IdentityChange[]): Promise<void>;

  /**
   * Commits all changes that still hold, in one transaction: marks, states, lines, records to the bus. Returns the ids of the
   * conversations that were not as read, or whose items somebody else had marked: nothing of theirs was committed, and neither
   * was the checkpoint.
   * @throws AppError ABORTED `BUS.OLD_EPOCH`, UNAVAILABLE `POSTGRES.UNAVAILABLE`
   */
  abstract commit(commit: Commit): Promise<Set<string>>;

  /** @throws AppError NOT_FOUND `CONVERSATION.NOT_FOUND` */
  abstract get(id: string): Promise<Conversation>;

  /** The conversations with a phone in any spelling, the latest change first. */
  abstract findByPhone(phone: string, phoneNumberId: string): Promise<Conversation[]>;

  /** The conversation that the key of a record is about, whether it names somebody or holds the beginning of their hash. */
  abstract findByRecordKey(key: string): Promise<Conversation | undefined>;

  /** The latest change first. */
  abstract list(states: readonly AnsweredBy[], limit: number): Promise<Conversation[]>;

  /** The latest lines of each conversation, oldest first, by conversation id. */
  abstract transcripts(ids: readonly string[], limit: number): Promise<Map<string, TranscriptLine[]>>;

  /** The send id and request hash that an agent's idempotency key stands for; undefined for a new key. */
  abstract agentReply(
    key: string,
  ): Promise<{ conversationId: string; requestHash: string; sendId: string } | undefined>;

  /** Moves messages forward; a lower status than known changes nothing. */
  abstract settle(settlements: readonly Settlement[], checkpoint: Checkpoint): Promise<void>;
}
