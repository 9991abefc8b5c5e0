import { events, type conversation as wire } from '@parley/contracts';
import type { AnsweredBy, Conversation, TranscriptLine } from '../ports/conversation.js';

const STATES: Record<AnsweredBy, events.ConversationState> = {
  bot: events.ConversationState.BOT,
  queued: events.ConversationState.QUEUED,
  human: events.ConversationState.HUMAN,
};

const AUTHORS: Record<TranscriptLine['author'], events.Author> = {
  customer: events.Author.CUSTOMER,
  bot: events.Author.BOT,
  agent: events.Author.AGENT,
};

/** A conversation as the contract has it. */
export function wireOf(conversation: Conversation): wire.Conversation {
  const { identities: _identities, dialog: _dialog, windowUntil, state, displayName, contact, ...rest } = conversation;
  return {
    ...rest,
    contact,
    displayName: displayName || contact.profileName,
    state: STATES[state],
    windowUntil: windowUntil ?? undefined,
  };
}

/** A line of a transcript as the contract has it. */
export function entryOf(line: TranscriptLine): wire.TranscriptEntry {
  const { messageId, agentId, text, at, settled, failureReason, choices, direction, author } = line;
  return {
    messageId,
    direction: direction === 'inbound' ? events.Direction.INBOUND : events.Direction.OUTBOUND,
    author: AUTHORS[author],
    agentId,
    text,
    at,
    status: settled,
    failureReason,
    choices,
  };
}
