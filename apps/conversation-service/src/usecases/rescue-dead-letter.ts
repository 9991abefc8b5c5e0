import type { Clock } from '../ports/clock.port.js';
import { noChange, type Conversation } from '../ports/conversation.js';
import type { Conversations } from '../ports/conversations.port.js';
import type { Brain } from './answer-message.js';
import { changeConversation } from './change-conversation.js';
import { idOf } from './ids.js';
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
    await changeConversation(this.conversations, opened!.id, async (before) => {
      if (!(await this.conversations.unseen([item.id])).has(item.id)) return null;
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
      if (before.state === 'bot') {
        const reason = 'failed';
        const { intent, language } = before;
        const { team, priority } = this.brain.route({ reason, intent, language, tier: null });
        const earlier = (await this.conversations.transcripts([before.id], 10_000)).get(before.id) ?? [];
        const handoffId = idOf(before.id, item.id, 'handoff');
        const transcript = [...earlier, said];
        facts.add({ kind: 'handoff-requested', handoffId, reason, team, intent, transcript, language, priority });
        facts.stateChanged('bot', 'queued');
        Object.assign(after, { state: 'queued', team, handoffReason: reason });
      }
      return { ...noChange(before), after, said: [said], facts: facts.facts, itemIds: [item.id] };
    });
  }
}
