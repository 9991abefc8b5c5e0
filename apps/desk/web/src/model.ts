/** What the desk's API answers, as JSON has it. */
export interface Account {
  id: string;
  name: string;
  email: string;
}

export interface Session {
  account: Account;
  csrf: string;
}

export type ConversationState = 'bot' | 'queued' | 'human';

export interface Conversation {
  id: string;
  name: string;
  phone: string;
  customerId: string;
  state: ConversationState;
  agentId: string;
  agentName: string;
  team: string;
  handoffReason: string;
  language: string;
  intent: string;
  windowUntil: string | null;
  updatedAt: string;
  lastText: string;
  unread: number;
}

export type Delivery = 'pending' | 'accepted' | 'sent' | 'failed' | 'delivered' | 'read' | 'played';

export interface Line {
  id: string;
  author: 'customer' | 'bot' | 'agent';
  agentId: string;
  agentName: string;
  text: string;
  at: string;
  status: Delivery | '';
  failureReason: string;
  choices: string[];
}

export interface Transcript {
  conversation: Conversation;
  lines: Line[];
}

/** A reply on its way. It keeps its key until the server has it, so that it is sent once however often it is tried. */
export interface Draft {
  key: string;
  conversationId: string;
  text: string;
  at: string;
  state: 'sending' | 'failed' | 'sent';
  /** Why it failed, for people. */
  problem: string;
  /** Id of the message, once the server has it. */
  sendId: string;
}

export type Filter = 'all' | 'waiting' | 'mine';

/** Whether a conversation belongs under a filter. */
export function isUnder(filter: Filter, { state, agentId }: Conversation, accountId: string): boolean {
  if (filter === 'waiting') return state === 'queued';
  if (filter === 'mine') return state === 'human' && agentId === accountId;
  return true;
}
