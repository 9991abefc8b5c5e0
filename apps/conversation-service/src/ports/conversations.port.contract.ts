import { initialDialogState, type JournalFrame } from '../domain/turn.js';
import { noChange, type Change, type Contact, type Conversation, type Said } from './conversation.js';
import type { Conversations } from './conversations.port.js';
import type { Journal } from './journal.port.js';

/** What a test of the contract needs. */
export interface ConversationsSubject {
  conversations: Conversations;
  journal: Journal;
  close(): Promise<void>;
}

const AT = new Date('2026-11-22T10:00:00Z');
const contact = (waId: string, userId = '', phoneNumberId = '1066'): Contact => ({
  phoneNumberId,
  waId,
  userId,
  profileName: 'Ada',
});
const line = (messageId: string, text: string, direction: Said['direction'] = 'inbound'): Said => ({
  messageId,
  direction,
  author: direction === 'inbound' ? 'customer' : 'bot',
  agentId: '',
  text,
  type: 'text',
  choices: [],
  at: AT,
});
const change = (before: Conversation, parts: Partial<Change> = {}, after: Partial<Conversation> = {}): Change => ({
  ...noChange(before),
  after: { ...before, updatedAt: AT, ...after },
  ...parts,
});

/** What every store of conversations promises. */
export function describeConversations(name: string, makeSubject: () => Promise<ConversationsSubject>): void {
  describe(`${name}: conversations`, () => {
    let subject: ConversationsSubject;
    let conversations: Conversations;
    const opened = async (one: Contact): Promise<Conversation> => (await conversations.open([one]))[0]!;
    const positions: number[] = [];
    const checkpoint = async (): Promise<void> => void positions.push(1);

    beforeAll(async () => {
      subject = await makeSubject();
      conversations = subject.conversations;
    });
    beforeEach(() => void positions.splice(0));
    afterAll(() => subject.close());

    it('opens one conversation for both keys of a customer, and one per number of ours', async () => {
      const both = contact('4910', 'DE.10');
      const ids = (
        await conversations.open([contact('4910'), both, contact('', 'DE.10'), contact('4910', '', '1067')])
      ).map(({ id }) => id);
      expect(new Set(ids.slice(0, 3)).size).toBe(1);
      expect(ids[3]).not.toBe(ids[0]);
      expect((await opened(contact('', 'DE.10'))).contact).toMatchObject({ waId: '4910', userId: 'DE.10' });
      expect(await conversations.findByPhone('+49 10', '1067')).toHaveLength(1);
      expect(await conversations.findByPhone('004910', '')).toHaveLength(2);
    });

    it('finds whom the key of a record is about', async () => {
      const { id } = await opened({ ...contact('4921'), userId: 'DE.4921' });
      const found = await Promise.all(['1066:4921', '1066:DE.4921'].map((key) => conversations.findByRecordKey(key)));
      expect(found.map((one) => one?.id)).toEqual([id, id]);
      for (const key of ['1067:4921', '1066:49', '1066:', 'nobody'])
        expect(await conversations.findByRecordKey(key)).toBeUndefined();
    });

    it('keeps everything of a change', async () => {
      const before = await opened(contact('4911'));
      const dialog = { ...initialDialogState(), flow: 'x@1', slots: { order: '1' } };
      const after = { state: 'queued', team: 't', handoffReason: 'r', language: 'de', intent: 'i', unread: 2 } as const;
      const parts = { itemIds: ['w.11'], said: [line('w.11', 'one'), line('s.11', 'two', 'outbound')] };
      const rest = { customerId: 'c', displayName: 'Ada L', windowUntil: AT, lastText: 'two', dialog };
      const held = change(before, parts, { ...after, ...rest });
      expect(await conversations.commit({ changes: [held], ignoredIds: ['x.11'], checkpoint })).toEqual(new Set());
      expect(positions).toEqual([1]);
      const now = await conversations.get(before.id);
      expect(now).toMatchObject({ ...after, ...rest, version: before.version + 1n, updatedAt: AT });
      const lines = (await conversations.transcripts([before.id], 10)).get(before.id)!;
      expect(lines.map(({ messageId, text, settled }) => [messageId, text, settled])).toEqual([
        ['w.11', 'one', 0],
        ['s.11', 'two', 0],
      ]);
      expect((await conversations.transcripts([before.id], 1)).get(before.id)).toHaveLength(1);
      expect(await conversations.unseen(['w.11', 'x.11', 'new'])).toEqual(new Set(['new']));
      expect((await conversations.list(['queued'], 10)).map(({ id }) => id)).toContain(before.id);
      expect((await conversations.list(['human'], 10)).map(({ id }) => id)).not.toContain(before.id);
    });

    it('commits the rest when a change is stale, but not the position', async () => {
      const [stale, fresh] = await conversations.open([contact('4912'), contact('4913')]);
      await conversations.commit({ changes: [change(stale!)], ignoredIds: [] });
      const changes = [change(stale!, { itemIds: ['w.12'] }), change(fresh!, { itemIds: ['w.13'] })];
      expect(await conversations.commit({ changes, ignoredIds: ['x.12'], checkpoint })).toEqual(new Set([stale!.id]));
      expect(positions).toEqual([]);
      expect(await conversations.unseen(['w.12', 'w.13', 'x.12'])).toEqual(new Set(['w.12', 'x.12']));
    });

    it('refuses a change whose item somebody else has marked', async () => {
      const before = await opened(contact('4914'));
      await conversations.commit({ changes: [], ignoredIds: ['w.14'] });
      const changes = [change(before, { itemIds: ['w.14', 'w.15'] })];
      expect(await conversations.commit({ changes, ignoredIds: [] })).toEqual(new Set([before.id]));
      expect(await conversations.unseen(['w.15'])).toEqual(new Set(['w.15']));
    });

    it("takes an agent's key once", async () => {
      const before = await opened(contact('4916'));
      const agentReply = { key: 'k', requestHash: 'h', sendId: 's' };
      await conversations.commit({ changes: [change(before, { agentReply })], ignoredIds: [] });
      const again = change(await conversations.get(before.id), { agentReply });
      expect(await conversations.commit({ changes: [again], ignoredIds: [] })).toEqual(new Set([before.id]));
      expect(await conversations.agentReply('k')).toEqual(
        expect.objectContaining({ conversationId: before.id, sendId: 's' }),
      );
      expect(await conversations.agentReply('unknown')).toBeUndefined();
    });

    it('settles forward', async () => {
      const before = await opened(contact('4917'));
      await conversations.commit({
        changes: [change(before, { said: [line('s.17', 'hi', 'outbound')] })],
        ignoredIds: [],
      });
      for (const settled of [4, 2, 3] as const) {
        await conversations.settle([{ sendId: 's.17', settled, wamid: 'out', reason: 'late' }], checkpoint);
      }
      await conversations.settle([{ sendId: 'nobody', settled: 5, wamid: '', reason: '' }], checkpoint);
      const [settled] = (await conversations.transcripts([before.id], 1)).get(before.id)!;
      expect(settled).toMatchObject({ settled: 4, wamid: 'out', failureReason: '' });
      expect(positions).toHaveLength(4);
    });

    it('says what does not exist', async () => {
      await expect(conversations.get('nonsense')).rejects.toMatchObject({ reason: 'CONVERSATION.NOT_FOUND' });
      await expect(conversations.get('11111111-1111-8111-8111-111111111111')).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      expect(await conversations.findByPhone('+1', '')).toEqual([]);
    });

    it('keeps the first frame of a step, only while the conversation is as read, and its result with the change', async () => {
      const { journal } = subject;
      const before = await opened(contact('4918'));
      const frame = (number: string): JournalFrame => ({
        step: 'cancel',
        operation: 'erp.cancelOrder',
        args: { number },
        idempotencyKey: 'key',
        state: initialDialogState(),
        now: AT.toISOString(),
        contentVersion: 'v',
      });
      const ask = [{ conversation: before, messageId: 'w.18' }];
      expect(await journal.pending(ask)).toEqual(new Map());
      expect(await journal.begin(before, 'w.18', frame('1'))).toEqual({ frame: frame('1'), outcome: null });
      expect(await journal.begin(before, 'w.18', frame('2'))).toEqual({ frame: frame('1'), outcome: null });
      expect(await journal.pending(ask)).toEqual(new Map([['w.18', { frame: frame('1'), outcome: null }]]));
      const outcome = { ok: true as const, value: { number: '1' } };
      const results = [{ messageId: 'w.18', step: 'cancel', outcome }];
      await conversations.commit({ changes: [change(before, { results })], ignoredIds: [] });
      expect((await journal.pending(ask)).get('w.18')).toEqual({ frame: frame('1'), outcome });
      await expect(journal.begin(before, 'w.19', frame('3'))).rejects.toMatchObject({ reason: 'CONVERSATION.CHANGED' });
    });
  });
}
