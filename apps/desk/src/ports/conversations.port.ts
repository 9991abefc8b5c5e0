import type { Conversation, ConversationState, Reply, Transcript } from '../domain/conversation.js';

/** The conversations, wherever they are kept. Failures are AppErrors with the owner's code and reason. */
export abstract class Conversations {
  /** The latest change first; with no states, all. */
  abstract list(states: readonly ConversationState[]): Promise<Conversation[]>;

  /** @throws AppError NOT_FOUND `CONVERSATION.NOT_FOUND` */
  abstract get(id: string): Promise<Transcript>;

  /** @throws AppError FAILED_PRECONDITION `CONVERSATION.TAKEN` when another agent answers */
  abstract takeOver(id: string, agentId: string): Promise<Conversation>;

  /**
   * Says something to the customer and returns the id of the message. The same key sends once.
   * @throws AppError FAILED_PRECONDITION `CONVERSATION.NOT_TAKEN`, `WINDOW.CLOSED`, `IDEMPOTENCY.KEY_REUSED`
   */
  abstract reply(reply: Reply): Promise<string>;

  /** @throws AppError FAILED_PRECONDITION `CONVERSATION.NOT_TAKEN` when it is not this agent's */
  abstract handBack(id: string, agentId: string): Promise<Conversation>;

  /**
   * Tells the ids of conversations that change, '' when any may have, until `signal` aborts (then it resolves) or the
   * connection is lost (then it rejects). Calls `onOpen` when it listens.
   */
  abstract watch(watcher: Watcher, signal: AbortSignal): Promise<void>;
}

/** Who is told. */
export interface Watcher {
  onOpen(): void;
  onChange(conversationId: string): void;
}
