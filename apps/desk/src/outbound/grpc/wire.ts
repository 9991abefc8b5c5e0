import { events, type conversation as wire } from '@parley/contracts';
import type { Conversation, ConversationState, Delivery, Line } from '../../domain/conversation.js';

const { ConversationState: State, SettledStatus: Settled, Author } = events;

/** Our word for each state of the contract; an unknown one is shown as the bot's, where nobody can do harm. */
const STATES: Partial<Record<events.ConversationState, ConversationState>> = {
  [State.BOT]: 'bot',
  [State.QUEUED]: 'queued',
  [State.HUMAN]: 'human',
};

const DELIVERIES: Partial<Record<events.SettledStatus, Delivery>> = {
  [Settled.ACCEPTED]: 'accepted',
  [Settled.SENT]: 'sent',
  [Settled.FAILED]: 'failed',
  [Settled.DELIVERED]: 'delivered',
  [Settled.READ]: 'read',
  [Settled.PLAYED]: 'played',
};

const AUTHORS: Partial<Record<events.Author, Line['author']>> = {
  [Author.CUSTOMER]: 'customer',
  [Author.BOT]: 'bot',
  [Author.AGENT]: 'agent',
};

/** The contract's value for one of our states. */
export function stateToWire(state: ConversationState): events.ConversationState {
  return { bot: State.BOT, queued: State.QUEUED, human: State.HUMAN }[state];
}

/** A conversation of the contract in our words. */
export function conversationFromWire(from: wire.Conversation): Conversation {
  const { waId = '', profileName = '', userId = '' } = from.contact ?? {};
  const phone = waId ? `+${waId}` : '';
  return {
    id: from.id,
    name: from.displayName || profileName || phone || userId,
    phone,
    customerId: from.customerId,
    state: STATES[from.state] ?? 'bot',
    agentId: from.agentId,
    team: from.team,
    handoffReason: from.handoffReason,
    language: from.language,
    intent: from.intent,
    windowUntil: from.windowUntil ?? null,
    updatedAt: from.updatedAt ?? new Date(0),
    lastText: from.lastText,
    unread: from.unread,
  };
}

/** A line of the contract in our words. */
export function lineFromWire(from: wire.TranscriptEntry): Line {
  const inbound = from.direction === events.Direction.INBOUND;
  return {
    id: from.messageId,
    author: AUTHORS[from.author] ?? (inbound ? 'customer' : 'bot'),
    agentId: from.agentId,
    text: from.text,
    at: from.at ?? new Date(0),
    status: inbound ? '' : (DELIVERIES[from.status] ?? 'pending'),
    failureReason: from.failureReason,
    choices: from.choices,
  };
}
