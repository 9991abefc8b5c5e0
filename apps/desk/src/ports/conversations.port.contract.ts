import type { Conversation } from '../domain/conversation.js';
import type { Conversations } from './conversations.port.js';

/** Conversations under test, and a hand that changes them behind their back. */
export interface ConversationsSubject {
  conversations: Conversations;
  put(conversation: Conversation): void;
  /** The customer says something. */
  say(id: string, text: string): void;
}

/** A conversation with what a test does not care about filled in. */
export function conversation(over: Partial<Conversation> & { id: string }): Conversation {
  return {
    name: 'Maya Patel',
    phone: '+12125550101',
    customerId: 'cus-maya',
    state: 'bot',
    agentId: '',
    team: '',
    handoffReason: '',
    language: 'en',
    intent: 'track_order',
    windowUntil: new Date('2126-01-01T00:00:00Z'),
    updatedAt: new Date('2026-11-23T09:00:00Z'),
    lastText: '',
    unread: 0,
    ...over,
  };
}

/** What everybody who keeps conversations promises the desk. Ids are the tests' own, so one subject may serve all of them. */
export function describeConversations(name: string, subject: () => ConversationsSubject): void {
  let count = 0;
  const given = (over: Partial<Conversation> = {}): string => {
    const id = `c-${name}-${++count}`;
    subject().put(conversation({ id, ...over }));
    return id;
  };

  describe(`${name} as conversations`, () => {
    it('lists by state, the latest change first', async () => {
      const { conversations } = subject();
      const early = given({ state: 'queued', updatedAt: new Date('2026-11-23T08:00:00Z') });
      const late = given({ state: 'queued', updatedAt: new Date('2026-11-23T10:00:00Z'), team: 'orders', unread: 3 });
      const bot = given();
      const queued = (await conversations.list(['queued'])).map(({ id }) => id);
      expect(queued.filter((id) => [early, late, bot].includes(id))).toEqual([late, early]);
      const all = await conversations.list([]);
      expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining([early, late, bot]));
      expect(all.find(({ id }) => id === late)).toMatchObject({ team: 'orders', unread: 3, phone: '+12125550101' });
    });

    it('gives a conversation with what was said', async () => {
      const { conversations, say } = subject();
      const id = given({ windowUntil: null });
      say(id, '¿Dónde está mi pedido?');
      const read = await conversations.get(id);
      expect(read.conversation).toMatchObject({ id, name: 'Maya Patel', state: 'bot', windowUntil: null });
      expect(read.lines).toEqual([
        expect.objectContaining({ author: 'customer', text: '¿Dónde está mi pedido?', status: '' }),
      ]);
      expect(read.lines[0]?.at).toBeInstanceOf(Date);
      await expect(conversations.get('c-none')).rejects.toMatchObject({
        code: 'NOT_FOUND',
        reason: 'CONVERSATION.NOT_FOUND',
      });
    });

    it('belongs to one agent at a time', async () => {
      const { conversations } = subject();
      const id = given({ state: 'queued', unread: 2 });
      expect(await conversations.takeOver(id, 'ana')).toMatchObject({ state: 'human', agentId: 'ana', unread: 0 });
      expect(await conversations.takeOver(id, 'ana')).toMatchObject({ agentId: 'ana' });
      const taken = { code: 'FAILED_PRECONDITION', reason: 'CONVERSATION.TAKEN' };
      await expect(conversations.takeOver(id, 'ben')).rejects.toMatchObject(taken);
      const notTaken = { code: 'FAILED_PRECONDITION', reason: 'CONVERSATION.NOT_TAKEN' };
      await expect(conversations.handBack(id, 'ben')).rejects.toMatchObject(notTaken);
      expect(await conversations.handBack(id, 'ana')).toMatchObject({ state: 'bot', agentId: '' });
      expect(await conversations.handBack(id, 'ana')).toMatchObject({ state: 'bot' });
    });

    it('sends a reply once for a key', async () => {
      const { conversations } = subject();
      const id = given();
      const reply = { conversationId: id, agentId: 'ana', text: 'On its way!', idempotencyKey: `key-${id}` };
      await expect(conversations.reply(reply)).rejects.toMatchObject({ reason: 'CONVERSATION.NOT_TAKEN' });
      await conversations.takeOver(id, 'ana');
      const sendId = await conversations.reply(reply);
      expect(await conversations.reply(reply)).toBe(sendId);
      const other = conversations.reply({ ...reply, text: 'Another text' });
      await expect(other).rejects.toMatchObject({ reason: 'IDEMPOTENCY.KEY_REUSED' });
      const { lines } = await conversations.get(id);
      expect(lines).toEqual([
        expect.objectContaining({ id: sendId, author: 'agent', agentId: 'ana', text: 'On its way!' }),
      ]);
      expect(lines[0]?.status).not.toBe('');
    });

    it('refuses a reply when the window is closed', async () => {
      const { conversations } = subject();
      const id = given({ state: 'human', agentId: 'ana', windowUntil: new Date('2020-01-01T00:00:00Z') });
      const reply = { conversationId: id, agentId: 'ana', text: 'Late', idempotencyKey: `key-${id}` };
      await expect(conversations.reply(reply)).rejects.toMatchObject({
        code: 'FAILED_PRECONDITION',
        reason: 'WINDOW.CLOSED',
      });
    });

    it('tells what changes until it is told to stop', async () => {
      const { conversations } = subject();
      const id = given();
      const stopping = new AbortController();
      const changes: string[] = [];
      const { promise: heard, resolve } = Promise.withResolvers<void>();
      const { promise: opened, resolve: onOpen } = Promise.withResolvers<void>();
      const onChange = (changed: string): void => {
        changes.push(changed);
        if (changed === id) resolve();
      };
      const watching = conversations.watch({ onOpen, onChange }, stopping.signal);
      await opened;
      // The listener on the other side may come a moment later than the stream.
      const timer = setInterval(() => subject().say(id, 'hi'), 20);
      await heard;
      clearInterval(timer);
      stopping.abort();
      await watching;
      expect(changes).toContain(id);
    });
  });
}
