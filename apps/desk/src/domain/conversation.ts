/** Who answers: the bot, nobody yet, or a person. */
export type ConversationState = 'bot' | 'queued' | 'human';

/** All of them, for checking what comes in. */
export const CONVERSATION_STATES = ['bot', 'queued', 'human'] as const satisfies readonly ConversationState[];

/** How far a message of ours has got; `pending` until the Graph API has taken it. */
export type Delivery = 'pending' | 'accepted' | 'sent' | 'failed' | 'delivered' | 'read' | 'played';

/** One customer's conversation, as a list shows it. */
export interface Conversation {
  id: string;
  name: string;
  /** E.164; empty when the customer hides the number. */
  phone: string;
  /** CRM id; empty for an unknown number. */
  customerId: string;
  state: ConversationState;
  /** Account that answers; empty while the bot does. */
  agentId: string;
  team: string;
  handoffReason: string;
  language: string;
  intent: string;
  windowUntil: Date | null;
  updatedAt: Date;
  lastText: string;
  unread: number;
}

/** One line of a transcript. */
export interface Line {
  id: string;
  author: 'customer' | 'bot' | 'agent';
  agentId: string;
  text: string;
  at: Date;
  /** Empty for what the customer wrote. */
  status: Delivery | '';
  failureReason: string;
  choices: string[];
}

/** A conversation with what was said in it, oldest first. */
export interface Transcript {
  conversation: Conversation;
  lines: Line[];
}

/** What an agent wants to say. */
export interface Reply {
  conversationId: string;
  agentId: string;
  text: string;
  idempotencyKey: string;
}
