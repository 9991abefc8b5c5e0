import type { Clock } from '../ports/clock.port.js';
import { noChange } from '../ports/conversation.js';
import type { Conversations } from '../ports/conversations.port.js';
import type { Brain } from './answer-message.js';
import { changeConversation } from './change-conversation.js';
import { handToPerson } from './hand-to-person.js';
import { TurnFacts } from './turn-facts.js';

/** The reason the channel gives when it does not know whether a message ever left, and will not send it again. */
export const LOST = 'SEND.IN_DOUBT';

/** A reply that may never have arrived is a person's to look after, so that no path ends in silence. */
export class RescueLostReply {
  constructor(
    private readonly conversations: Conversations,
    private readonly brain: Pick<Brain, 'route'>,
    private readonly clock: Clock,
  ) {}

  /** Once for each send, however often it is told. */
  async run({ conversationId, sendId, traceparent }: LostReply): Promise<void> {
    const { conversations, brain } = this;
    const mark = `lost/${sendId}`;
    await changeConversation(conversations, conversationId, async (before) => {
      if (before.state !== 'bot') return null;
      if (!(await conversations.unseen([mark])).has(mark)) return null;
      const now = this.clock.now();
      const facts = new TurnFacts(before.id, mark, now, traceparent);
      const trouble = { reason: 'failed', messageId: mark, unsaid: [] };
      const after = {
        ...before,
        updatedAt: now,
        ...(await handToPerson(before, trouble, facts, { conversations, brain })),
      };
      return { ...noChange(before), after, facts: facts.facts, itemIds: [mark] };
    });
  }
}

/** A message of ours nobody knows the fate of. */
export interface LostReply {
  conversationId: string;
  sendId: string;
  traceparent: string;
}
