import { passing } from '@parley/resilience';
import type { Change, Conversation } from '../ports/conversation.js';
import type { Conversations } from '../ports/conversations.port.js';
import { conversationChanged } from '../ports/errors.js';

const ATTEMPTS = 10;

/**
 * Decides about one conversation and commits it, again from the start whenever it changed in between. `decide` returns null when
 * there is nothing to change.
 * @throws AppError NOT_FOUND, ABORTED `CONVERSATION.CHANGED`, and what `decide` throws
 */
export async function changeConversation(
  conversations: Conversations,
  id: string,
  decide: (conversation: Conversation) => Promise<Change | null> | Change | null,
): Promise<Conversation> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const conversation = await conversations.get(id);
    const change = await decide(conversation);
    if (!change) return conversation;
    const lost = await conversations.commit({ changes: [change], ignoredIds: [] });
    if (lost.size > 0) continue;
    await passing('conversation-service.change.committed');
    return conversations.get(conversation.id);
  }
  throw conversationChanged();
}
