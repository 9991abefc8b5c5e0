import { initialDialogState } from '../domain/turn.js';
import type { Clock } from '../ports/clock.port.js';
import type { Change, Conversation } from '../ports/conversation.js';
import type { Conversations } from '../ports/conversations.port.js';
import { notTheirs } from '../ports/errors.js';
import { changeConversation } from './change-conversation.js';
import { changeHands } from './change-hands.js';

/** A person gives a conversation back: the bot starts afresh, but knows the language and whom it has greeted. */
export class HandBack {
  constructor(
    private readonly conversations: Conversations,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError FAILED_PRECONDITION `CONVERSATION.NOT_TAKEN` when it is not this agent's; NOT_FOUND */
  run(conversationId: string, agentId: string): Promise<Conversation> {
    return changeConversation(this.conversations, conversationId, (conversation) => this.decide(conversation, agentId));
  }

  private decide(before: Conversation, agentId: string): Change | null {
    // A repeated call finds its work done.
    if (before.state === 'bot') return null;
    if (before.state !== 'human' || before.agentId !== agentId) throw notTheirs();
    const { greeted, language, grants, wrongAddresses } = before.dialog;
    const after: Conversation = {
      ...before,
      state: 'bot',
      agentId: '',
      team: '',
      handoffReason: '',
      unread: 0,
      updatedAt: this.clock.now(),
      // What was proved or failed about somebody else's orders outlives the dialog: it protects the customer.
      dialog: { ...initialDialogState(), greeted, language, grants, wrongAddresses },
    };
    return changeHands('hand-back', agentId, before, after);
  }
}
