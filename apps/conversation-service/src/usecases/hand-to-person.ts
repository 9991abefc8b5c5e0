import type { Conversation, Said } from '../ports/conversation.js';
import type { Conversations } from '../ports/conversations.port.js';
import type { Brain } from './answer-message.js';
import { idOf } from './ids.js';
import type { TurnFacts } from './turn-facts.js';

/** What went wrong, and which message it is about. */
export interface Trouble {
  /** Stable word of the routing rules. */
  reason: string;
  /** wamid or send id: one hand-off for each. */
  messageId: string;
  /** Lines that are not in the stored transcript yet. */
  unsaid: Said[];
}

/**
 * Puts a conversation the bot has into a team's queue, with everything said so far: adds the facts and returns what changes in
 * the conversation. Whoever waits for a person already, or has one, stays there.
 */
export async function handToPerson(
  before: Conversation,
  { reason, messageId, unsaid }: Trouble,
  facts: TurnFacts,
  { conversations, brain }: { conversations: Conversations; brain: Pick<Brain, 'route'> },
): Promise<Partial<Conversation>> {
  if (before.state !== 'bot') return {};
  const { intent, language } = before;
  const { team, priority } = brain.route({ reason, intent, language, tier: null });
  const earlier = (await conversations.transcripts([before.id], 10_000)).get(before.id) ?? [];
  const handoffId = idOf(before.id, messageId, 'handoff');
  const transcript = [...earlier, ...unsaid];
  facts.add({ kind: 'handoff-requested', handoffId, reason, team, intent, transcript, language, priority });
  facts.stateChanged('bot', 'queued');
  return { state: 'queued', team, handoffReason: reason };
}
