import type { CallOutcome, JournalFrame } from '../domain/turn.js';
import type { Conversation } from './conversation.js';

/** A writing call that was begun for a message. */
export interface JournalEntry {
  frame: JournalFrame;
  /** Present once the result was committed together with the reply. */
  outcome: CallOutcome | null;
}

/** Writing calls before they are made: what a repeat has to replay. */
export abstract class Journal {
  /** The last call begun for each of these messages, by wamid. */
  abstract pending(
    messages: readonly { conversation: Conversation; messageId: string }[],
  ): Promise<Map<string, JournalEntry>>;

  /**
   * Makes the frame durable, unless that step of the message has one already; returns the one that counts.
   * @throws AppError ABORTED `CONVERSATION.CHANGED` when the conversation is no longer as read
   */
  abstract begin(conversation: Conversation, messageId: string, frame: JournalFrame): Promise<JournalEntry>;
}
