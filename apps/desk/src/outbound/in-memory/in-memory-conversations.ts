import { randomUUID } from 'node:crypto';
import type { Conversation, ConversationState, Line, Reply, Transcript } from '../../domain/conversation.js';
import { conversationNotFound, keyReused, notTheirs, takenByAnother, windowClosed } from '../../domain/errors.js';
import type { Clock } from '../../ports/clock.port.js';
import { Conversations, type Watcher } from '../../ports/conversations.port.js';

/** Conversations of this process, for tests and for looking at the page without anything else running. */
export class InMemoryConversations extends Conversations {
  private readonly byId = new Map<string, Transcript>();
  private readonly replies = new Map<string, { request: string; sendId: string }>();
  private readonly watchers = new Set<{ watcher: Watcher; lose: (error: Error) => void }>();
  /** Set to make every call fail with it. */
  failure: Error | undefined;

  constructor(private readonly clock: Pick<Clock, 'now'>) {
    super();
  }

  override async list(states: readonly ConversationState[]): Promise<Conversation[]> {
    if (this.failure) throw this.failure;
    return [...this.byId.values()]
      .map(({ conversation }) => conversation)
      .filter(({ state }) => states.length === 0 || states.includes(state))
      .sort((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime());
  }

  override async get(id: string): Promise<Transcript> {
    if (this.failure) throw this.failure;
    const found = this.byId.get(id);
    if (!found) throw conversationNotFound();
    return { conversation: found.conversation, lines: [...found.lines] };
  }

  override async takeOver(id: string, agentId: string): Promise<Conversation> {
    const { conversation } = await this.get(id);
    if (conversation.state === 'human' && conversation.agentId !== agentId) throw takenByAnother();
    return this.change(id, { state: 'human', agentId, unread: 0 });
  }

  override async reply({ conversationId, agentId, text, idempotencyKey }: Reply): Promise<string> {
    const { conversation } = await this.get(conversationId);
    const request = JSON.stringify([conversationId, agentId, text]);
    const known = this.replies.get(idempotencyKey);
    if (known && known.request !== request) throw keyReused();
    if (known) return known.sendId;
    if (conversation.state !== 'human' || conversation.agentId !== agentId) throw notTheirs();
    const now = this.clock.now();
    if (!conversation.windowUntil || now > conversation.windowUntil) throw windowClosed();
    const sendId = randomUUID();
    this.replies.set(idempotencyKey, { request, sendId });
    this.say(conversationId, { id: sendId, author: 'agent', agentId, text, status: 'pending' });
    return sendId;
  }

  override async handBack(id: string, agentId: string): Promise<Conversation> {
    const { conversation } = await this.get(id);
    if (conversation.state === 'bot') return conversation;
    if (conversation.state !== 'human' || conversation.agentId !== agentId) throw notTheirs();
    return this.change(id, { state: 'bot', agentId: '', team: '', handoffReason: '', unread: 0 });
  }

  override watch(watcher: Watcher, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure);
      const entry = { watcher, lose: reject };
      this.watchers.add(entry);
      signal.addEventListener('abort', () => {
        this.watchers.delete(entry);
        resolve();
      });
      watcher.onOpen();
    });
  }

  /** Adds or replaces a conversation. */
  put(conversation: Conversation, lines: Line[] = []): void {
    this.byId.set(conversation.id, { conversation, lines });
    this.announce(conversation.id);
  }

  /** Adds a line, as if it had just been said. */
  say(conversationId: string, line: Partial<Line> & Pick<Line, 'author' | 'text'>): void {
    const found = this.byId.get(conversationId);
    if (!found) throw conversationNotFound();
    const now = this.clock.now();
    const fromUs = line.author !== 'customer';
    const defaults: Omit<Line, 'author' | 'text'> = {
      id: randomUUID(),
      agentId: '',
      at: now,
      status: fromUs ? 'sent' : '',
      failureReason: '',
      choices: [],
    };
    found.lines.push({ ...defaults, ...line });
    const unread = fromUs ? 0 : found.conversation.unread + 1;
    this.change(conversationId, { lastText: line.text, updatedAt: line.at ?? now, unread });
  }

  /** Moves the delivery of every message of ours on. */
  settle(conversationId: string, status: Line['status']): void {
    const found = this.byId.get(conversationId);
    for (const line of found?.lines ?? []) if (line.status) line.status = status;
    this.announce(conversationId);
  }

  /** Breaks every stream. */
  loseWatchers(error: Error): void {
    const lost = [...this.watchers];
    this.watchers.clear();
    for (const { lose } of lost) lose(error);
  }

  private change(id: string, changes: Partial<Conversation>): Conversation {
    const found = this.byId.get(id);
    if (!found) throw conversationNotFound();
    found.conversation = { ...found.conversation, updatedAt: this.clock.now(), ...changes };
    this.announce(id);
    return found.conversation;
  }

  private announce(id: string): void {
    for (const { watcher } of this.watchers) watcher.onChange(id);
  }
}
