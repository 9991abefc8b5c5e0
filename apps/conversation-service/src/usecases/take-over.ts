import type { Clock } from '../ports/clock.port.js';
import type { Change, Conversation } from '../ports/conversation.js';
import type { Conversations } from '../ports/conversations.port.js';
import { takenByAnother } from '../ports/errors.js';
import { changeConversation } from './change-conversation.js';
import { changeHands } from './change-hands.js';

/** A person takes a conversation over: from that commit on the bot is quiet, also with what it was about to say. */
export class TakeOver {
  constructor(
    private readonly conversations: Conversations,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError FAILED_PRECONDITION `CONVERSATION.TAKEN` when another agent answers; NOT_FOUND */
  run(conversationId: string, agentId: string): Promise<Conversation> {
    return changeConversation(this.conversations, conversationId, (conversation) => this.decide(conversation, agentId));
  }

  private decide(before: Conversation, agentId: string): Change | null {
    if (before.state === 'human' && before.agentId === agentId) return null;
    if (before.state === 'human') throw takenByAnother();
    const after: Conversation = { ...before, state: 'human', agentId, unread: 0, updatedAt: this.clock.now() };
    return changeHands('take-over', agentId, before, after);
  }
}
