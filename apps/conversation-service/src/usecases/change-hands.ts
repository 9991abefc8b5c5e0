import { currentTraceparent } from '@parley/telemetry';
import { noChange, type Change, type Conversation } from '../ports/conversation.js';
import { TurnFacts } from './turn-facts.js';

/** The change by which an agent's `step` makes another party answer, with the fact that tells of it. */
export function changeHands(step: string, agentId: string, before: Conversation, after: Conversation): Change {
  const facts = new TurnFacts(before.id, `${step}/${before.version}`, after.updatedAt, currentTraceparent() ?? '');
  facts.stateChanged(before.state, after.state, agentId);
  return { ...noChange(before), after, facts: facts.facts };
}
