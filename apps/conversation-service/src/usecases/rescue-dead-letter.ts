import { passing } from '@parley/resilience';
import type { Clock } from '../ports/clock.port.js';
import { noChange, type Conversation } from '../ports/conversation.js';
import type { Conversations } from '../ports/conversations.port.js';
import type { Brain } from './answer-message.js';
import { changeConversation } from './change-conversation.js';
import { handToPerson } from './hand-to-person.js';
import { laterOf, windowOf, type InboundItem } from './inbound-item.js';
import { lastTextOf, saidByCustomer, TurnFacts } from './turn-facts.js';

/** A message nobody could handle is recorded and its customer handed to a person, so that no path ends in silence. */
export class RescueDeadLetter {
  constructor(
    private readonly conversations: Conversations,
    private readonly brain: Pick<Brain, 'route'>,
    private readonly clock: Clock,
  ) {}

  async run(item: InboundItem): Promise<void> {
    const { contact } = item;
    if (item.field !== 'messages') return;
    if (contact.waId === '' && contact.userId === '') return;
    const [opened] = await this.conversations.open([contact]);
    await this.handOver(opened!.id, item);
  }

  /** The same for a record that cannot be read: all that is known is its key. Does nothing when that leads to no conversation. */
  async unreadable(key: string, item: InboundItem): Promise<void> {
    const conversation = await this.conversations.findByRecordKey(key);
    if (conversation) await this.handOver(conversation.id, item);
  }

  private async handOver(conversationId: string, item: InboundItem): Promise<void> {
    const { conversations, brain } = this;
    await passing('conversation-service.letter.rescuing');
    await changeConversation(conversations, conversationId, async (before) => {
      if (!(await conversations.unseen([item.id])).has(item.id)) return null;
      const now = this.clock.now();
      const said = saidByCustomer(item);
      const facts = new TurnFacts(before.id, item.id, now, item.traceparent);
      facts.add({ kind: 'message-recorded', said });
      const after: Conversation = {
        ...before,
        lastText: lastTextOf(said),
        unread: before.unread + 1,
        updatedAt: now,
        windowUntil: laterOf(before.windowUntil, windowOf(item)),
      };
      const trouble = { reason: 'failed', messageId: item.id, unsaid: [said] };
      Object.assign(after, await handToPerson(before, trouble, facts, { conversations, brain }));
      return { ...noChange(before), after, said: [said], facts: facts.facts, itemIds: [item.id] };
    });
  }
}
