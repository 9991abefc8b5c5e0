import type { Conversation, ConversationState, Line } from '../domain/conversation.js';
import type { Accounts } from '../ports/accounts.port.js';
import type { Conversations } from '../ports/conversations.port.js';

/** Something by an agent, with the agent's name; empty when it is nobody's. */
export type Named<T extends { agentId: string }> = T & { agentName: string };

/** Conversations as the desk shows them: agents by name. */
export class ReadConversations {
  constructor(
    private readonly conversations: Conversations,
    private readonly accounts: Accounts,
  ) {}

  async list(states: readonly ConversationState[]): Promise<Named<Conversation>[]> {
    return this.named(await this.conversations.list(states));
  }

  /** @throws AppError NOT_FOUND `CONVERSATION.NOT_FOUND` */
  async get(id: string): Promise<{ conversation: Named<Conversation>; lines: Named<Line>[] }> {
    const { conversation, lines } = await this.conversations.get(id);
    const [first, ...rest] = await this.named<Conversation | Line>([conversation, ...lines]);
    return { conversation: first as Named<Conversation>, lines: rest as Named<Line>[] };
  }

  async named<T extends { agentId: string }>(items: readonly T[]): Promise<Named<T>[]> {
    const ids = [...new Set(items.map(({ agentId }) => agentId).filter(Boolean))];
    const accounts = ids.length > 0 ? await this.accounts.findByIds(ids) : [];
    const names = new Map(accounts.map(({ id, name }) => [id, name]));
    return items.map((item) => ({ ...item, agentName: names.get(item.agentId) ?? '' }));
  }
}
