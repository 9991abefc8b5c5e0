import { events } from '@parley/contracts';
import { eventually, FakeClock, type TestDatabase } from '@parley/testing';
import type { Settled } from '../src/ports/conversation.js';
import { HandBack } from '../src/usecases/hand-back.js';
import { ReplyAsAgent } from '../src/usecases/reply-as-agent.js';
import { SettleMessages } from '../src/usecases/settle-messages.js';
import { TakeOver } from '../src/usecases/take-over.js';
import { conversationDatabase, deliver, instance, listen, rows, said, START, type Instance } from './subject.js';

describe('conversations', () => {
  let database: TestDatabase;
  let one: Instance;
  const clock = new FakeClock(START);

  beforeEach(async () => {
    clock.set(START);
    database = await conversationDatabase();
    one = instance(database, clock);
  });
  afterEach(async () => {
    await one.close();
    await database.close();
  });

  const only = async () => (await one.adapters.conversations.list([], 10))[0]!;

  it('keeps nothing readable of a person, and finds by any spelling of the phone', async () => {
    await deliver(one, said({ id: 'wamid.1', waId: '491701234567', text: 'my card is 4111 1111 1111 1111' }));
    for (const phone of ['+49 170 1234567', '0049(170)1234567', '491701234567']) {
      expect(await one.adapters.conversations.findByPhone(phone, '1066')).toHaveLength(1);
    }
    expect(await one.adapters.conversations.findByPhone('491701234567', 'other')).toEqual([]);
    const tables = ['conversation', 'identity', 'message', 'journal'];
    const all = await Promise.all(tables.map((table) => one.db.query(`select t::text as row from ${table} t`)));
    expect(JSON.stringify(all)).not.toMatch(/491701234567|Ada|card|4111[ -]?1111/);
    const { id, lastText } = await only();
    expect(lastText).toBe('You said: my card is ••••1111');
    const lines = (await one.adapters.conversations.transcripts([id], 10)).get(id)!;
    expect(lines.map(({ text }) => text)).toEqual(['my card is ••••1111', 'You said: my card is ••••1111']);
  });

  it('asks other systems once for a whole batch', async () => {
    one.customers.customers.push({
      id: 'c1',
      name: 'Ada',
      phone: '+49170',
      email: null,
      language: 'de',
      timeZone: null,
      tier: null,
      tags: [],
    });
    one.brain.think = async ({ customer }, calls) => {
      await calls.read('erp.getOrder', { number: '1', customerIds: [customer?.id ?? 'nobody'] });
      return {};
    };
    await deliver(one, ...Array.from({ length: 20 }, (_, at) => said({ id: `wamid.${at}`, waId: `4917${at}` })));
    expect(one.understander.switch.calls).toEqual([20]);
    expect(one.customers.switch.calls).toEqual([20]);
    expect(one.orders.switch.calls).toEqual([20]);
    expect(await one.adapters.conversations.findByPhone('49170', '')).toMatchObject([
      { customerId: 'c1', language: 'en' },
    ]);
  });

  it('hands over with the whole transcript, then is quiet', async () => {
    const left = await listen(one.bus, 'test');
    await deliver(one, said({ id: 'wamid.1', waId: '49170', text: 'hello' }));
    one.understander.teach('a human please', { intent: 'human', confidence: 0.9, language: 'en' });
    one.brain.think = async () => ({
      reply: { key: 'wait', text: 'One moment.', language: 'en', buttons: [{ id: 'x', title: 'Never mind' }] },
      effects: [
        { kind: 'task', key: 'k/1', subject: 'late-order', orderNumber: '1', dueAt: START, description: 'Call back' },
        { kind: 'handoff', reason: 'requested', team: 'service', priority: 'high' },
      ],
    });
    await deliver(one, said({ id: 'wamid.2', waId: '49170', text: 'a human please' }));
    await deliver(one, said({ id: 'wamid.3', waId: '49170', text: 'are you there?' }));
    await eventually(() => expect(left.facts.at(-1)?.event).toMatchObject({ value: { text: 'are you there?' } }));
    await eventually(() => expect(left.sends).toHaveLength(2));
    const handoff = left.facts.flatMap(({ event }) => (event?.$case === 'handoffRequested' ? [event.value] : []));
    expect(handoff).toMatchObject([
      { reason: 'requested', team: 'service', priority: 'high', intent: 'human', language: 'en' },
    ]);
    expect(handoff[0]!.transcript.map(({ text }) => text)).toEqual([
      'hello',
      'You said: hello',
      'a human please',
      'One moment.\n[Never mind]',
    ]);
    expect(left.facts.find(({ event }) => event?.$case === 'taskRequested')?.event?.value).toMatchObject({
      idempotencyKey: 'k/1',
      subject: 'late-order',
    });
    expect(await only()).toMatchObject({ state: 'queued', handoffReason: 'requested', unread: 2, intent: 'human' });
  });

  it('gives a message that came too late to a person, without a reply', async () => {
    const left = await listen(one.bus, 'test');
    const sentAt = new Date(START.getTime() - 24 * 3_600_000);
    await deliver(one, said({ id: 'wamid.1', waId: '49170', sentAt }));
    await eventually(() => expect(left.facts).toHaveLength(3));
    expect(left.sends).toEqual([]);
    expect(await only()).toMatchObject({ state: 'queued', handoffReason: 'window-closed' });
  });

  it('neither answers reactions nor opens the window for them', async () => {
    const reaction = said({ id: 'wamid.1', waId: '49170' });
    reaction.value.type = 'reaction';
    reaction.value.content = { $case: 'reaction', value: { messageId: 'wamid.0', emoji: '👍' } };
    await deliver(one, reaction);
    expect(await only()).toMatchObject({ state: 'bot', windowUntil: null, lastText: '👍' });
    expect((await rows(one.db)).messages).toEqual(['customer']);
  });

  it('marks what concerns no conversation and what is for no number of ours', async () => {
    const other = said({ id: 'hash', waId: '49170' });
    other.value.field = 'user_preferences';
    expect(await deliver(one, other, said({ id: 'wamid.1', waId: '49170', number: '999' }))).toBe(true);
    expect(await rows(one.db)).toEqual({ conversations: 0, messages: [], marks: 2 });
  });

  it('follows a customer to a new number', async () => {
    await deliver(one, said({ id: 'wamid.1', waId: '49170' }));
    const change = said({ id: 'wamid.2', waId: '49170' });
    change.value.type = 'system';
    const value = { newWaId: '49999', newUserId: '', previousUserId: '' };
    change.value.content = { $case: 'identityChange', value };
    await deliver(one, change);
    expect(await only()).toMatchObject({ contact: { waId: '49999' }, lastText: 'You said: hello' });
    await deliver(one, said({ id: 'wamid.3', waId: '49999' }));
    expect(await rows(one.db)).toMatchObject({ conversations: 1 });
    expect(await one.adapters.conversations.findByPhone('49999', '')).toMatchObject([{ contact: { waId: '49999' } }]);
  });

  it('moves ticks forward only, whatever order they come in', async () => {
    const settle = new SettleMessages(one.adapters.conversations);
    const left = await listen(one.bus, 'test');
    const orders: Settled[][] = [
      [1, 2, 4, 5],
      [5, 4, 2, 1],
      [4, 3],
      [3, 4],
      [2, 3],
      [3, 2],
      [1, 3],
    ];
    for (const [at, order] of orders.entries()) {
      await deliver(one, said({ id: `wamid.${at}`, waId: `4917${at}` }));
      await eventually(() => expect(left.sends).toHaveLength(at + 1));
      const { sendId } = left.sends[at]!;
      for (const settled of order) {
        await settle.run(
          [{ sendId, settled, wamid: `out.${at}`, reason: settled === 3 ? 'GRAPH.131026' : '' }],
          async () => {},
        );
      }
      await settle.run(
        order.map((settled) => ({ sendId, settled, wamid: '', reason: '' })),
        async () => {},
      );
    }
    const found = await one.db.query(
      `select settled, wamid, failure_reason from message where author = 'bot' order by seq`,
    );
    const failed = { settled: 3, failure_reason: 'GRAPH.131026' };
    const delivered = { settled: 4, failure_reason: '' };
    const read = { settled: 5, failure_reason: '' };
    expect(found).toMatchObject([read, read, delivered, delivered, failed, failed, failed]);
    expect(found[6]).toMatchObject({ wamid: 'out.6' });
  });

  describe('agents', () => {
    const takeOver = (agent: string) => async (id: string) =>
      new TakeOver(one.adapters.conversations, clock).run(id, agent);
    const reply = (conversationId: string, text: string, key: string, agentId = 'a1') =>
      new ReplyAsAgent(one.adapters.conversations, clock).run({ conversationId, agentId, text, idempotencyKey: key });

    it('get a conversation one at a time', async () => {
      await deliver(one, said({ id: 'wamid.1', waId: '49170' }));
      const { id } = await only();
      const outcomes = await Promise.allSettled(['a1', 'a2', 'a3', 'a4'].map((agent) => takeOver(agent)(id)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const lost = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as unknown);
      expect(lost).toEqual(Array(3).fill(expect.objectContaining({ reason: 'CONVERSATION.TAKEN' })));
    });

    it('write once for each key, inside the window, in their own conversations', async () => {
      const left = await listen(one.bus, 'test');
      await deliver(one, said({ id: 'wamid.1', waId: '49170' }));
      const { id } = await only();
      await expect(reply(id, 'hi', 'k1')).rejects.toMatchObject({ reason: 'CONVERSATION.NOT_TAKEN' });
      await takeOver('a1')(id);
      const sent = await Promise.all([reply(id, 'hi', 'k1'), reply(id, 'hi', 'k1'), reply(id, 'hi', 'k1')]);
      expect(new Set(sent).size).toBe(1);
      await expect(reply(id, 'something else', 'k1')).rejects.toMatchObject({ reason: 'IDEMPOTENCY.KEY_REUSED' });
      await eventually(() => expect(left.sends).toHaveLength(2));
      expect(left.sends[1]).toMatchObject({ sendId: sent[0], decidedBy: 'agent', content: { value: { body: 'hi' } } });
      const recorded = { value: { author: events.Author.AGENT, text: 'hi' } };
      await eventually(() => expect(left.facts.at(-1)?.event).toMatchObject(recorded));
      clock.advance(24 * 3_600_000);
      await expect(reply(id, 'late', 'k2')).rejects.toMatchObject({
        code: 'FAILED_PRECONDITION',
        reason: 'WINDOW.CLOSED',
      });
    });

    it('give a conversation back to a bot that starts afresh', async () => {
      one.brain.think = async ({ state }) => ({ state: { ...state, flow: 'cancel@1', asked: 'order', greeted: true } });
      await deliver(one, said({ id: 'wamid.1', waId: '49170' }));
      const { id } = await only();
      const handBack = new HandBack(one.adapters.conversations, clock);
      await takeOver('a1')(id);
      await expect(handBack.run(id, 'a2')).rejects.toMatchObject({ reason: 'CONVERSATION.NOT_TAKEN' });
      expect(await handBack.run(id, 'a1')).toMatchObject({
        state: 'bot',
        agentId: '',
        dialog: { flow: null, asked: null, greeted: true },
      });
    });

    it('of every replica hear of changes', async () => {
      const two = instance(database, clock);
      const changes = two.adapters.changes as unknown as { start(): Promise<void>; close(): Promise<void> };
      await changes.start();
      const heard: string[] = [];
      const stop = two.adapters.changes.subscribe((id) => heard.push(id));
      await deliver(one, said({ id: 'wamid.1', waId: '49170' }));
      const { id } = await only();
      await eventually(() => expect(heard).toContain(id));
      stop();
      await changes.close();
      await two.close();
    });
  });
});
