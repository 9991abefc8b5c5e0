import { events } from '@parley/contracts';
import { AppError, unavailable } from '@parley/errors';
import { contactKey, topics } from '@parley/event-bus';
import { eventually, FakeClock, type TestDatabase } from '@parley/testing';
import type { Calls, JournalFrame, TurnInput } from '../src/domain/turn.js';
import { consumeSettlements } from '../src/inbound/settlements.events.js';
import { RescueLostReply } from '../src/usecases/rescue-lost-reply.js';
import { SettleMessages } from '../src/usecases/settle-messages.js';
import { TakeOver } from '../src/usecases/take-over.js';
import { conversationDatabase, deliver, instance, listen, rows, said, START, type Instance } from './subject.js';

describe('exactly once', () => {
  let database: TestDatabase;
  let instances: Instance[];
  const clock = new FakeClock(START);
  const start = (): Instance => {
    const one = instance(database, clock);
    instances.push(one);
    return one;
  };

  beforeEach(async () => {
    instances = [];
    clock.set(START);
    database = await conversationDatabase();
  });
  afterEach(async () => {
    for (const one of instances) await one.close();
    await database.close();
  });

  it('answers once, however often and wherever a message arrives', async () => {
    const [one, two] = [start(), start()];
    const left = await listen(one.bus, 'test');
    const message = said({ id: 'wamid.1', waId: '49170' });
    // Both have their topic keys before more transactions run at once than the pool has connections.
    await deliver(one, said({ id: 'wamid.a', waId: '49173' }));
    await deliver(two, said({ id: 'wamid.b', waId: '49173' }));
    await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        deliver(at % 2 ? one : two, message, message, said({ id: 'wamid.2', waId: '49171' })),
      ),
    );
    await one.bus.publish(Array.from({ length: 5 }, () => message));
    await one.consume();
    await deliver(one, said({ id: 'wamid.end', waId: '49172' }));
    await eventually(() => expect(left.sends.map(({ inReplyTo }) => inReplyTo)).toContain('wamid.end'));
    expect(left.sends.map(({ inReplyTo }) => inReplyTo).sort()).toEqual([
      'wamid.1',
      'wamid.2',
      'wamid.a',
      'wamid.b',
      'wamid.end',
    ]);
    await eventually(() => expect(left.facts).toHaveLength(15));
    expect(new Set(left.facts.map(({ eventId }) => eventId)).size).toBe(15);
    expect(await rows(one.db)).toMatchObject({ conversations: 4, marks: 5 });
  });

  it('makes one conversation of a new customer who writes twice at once, under two keys, to two replicas', async () => {
    const [one, two] = [start(), start()];
    const known = { waId: '49170', userId: 'DE.1' };
    await Promise.all([
      deliver(one, said({ id: 'wamid.1', waId: '49170' }), said({ id: 'wamid.3', ...known })),
      deliver(two, said({ id: 'wamid.2', ...known }), said({ id: 'wamid.4', userId: 'DE.1' })),
    ]);
    const { conversations, messages } = await rows(one.db);
    expect(conversations).toBe(1);
    expect(messages.filter((author) => author === 'bot')).toHaveLength(4);
  });

  it('joins two conversations when they turn out to be one person', async () => {
    const one = start();
    await deliver(one, said({ id: 'wamid.1', waId: '49170', text: 'by phone' }));
    await deliver(one, said({ id: 'wamid.2', userId: 'DE.1', text: 'by user id' }));
    expect(await rows(one.db)).toMatchObject({ conversations: 2 });
    await deliver(one, said({ id: 'wamid.3', waId: '49170', userId: 'DE.1', text: 'by both' }));
    expect(await rows(one.db)).toMatchObject({ conversations: 1 });
    const [conversation] = await one.adapters.conversations.findByPhone('49170', '');
    const lines = (await one.adapters.conversations.transcripts([conversation!.id], 100)).get(conversation!.id)!;
    expect(lines.filter(({ author }) => author === 'customer').map(({ text }) => text)).toEqual([
      'by phone',
      'by user id',
      'by both',
    ]);
  });

  it('never sends a reply that was computed before an agent took over, and commits the rest of the batch', async () => {
    const one = start();
    const left = await listen(one.bus, 'test');
    await deliver(one, said({ id: 'wamid.0', waId: '49170' }));
    const takeOver = new TakeOver(one.adapters.conversations, clock);
    one.brain.think = async ({ message, conversationId }) => {
      if (message.id === 'wamid.1') await takeOver.run(conversationId, 'agent-1');
      return {};
    };
    const records = [said({ id: 'wamid.1', waId: '49170' }), said({ id: 'wamid.2', waId: '49171' })];
    expect(await deliver(one, ...records)).toBe(true);
    expect(one.brain.turns).toEqual(['wamid.0', 'wamid.1', 'wamid.2']);
    await eventually(() => expect(left.sends).toHaveLength(2));
    expect(left.sends.map(({ inReplyTo }) => inReplyTo).sort()).toEqual(['wamid.0', 'wamid.2']);
    const [conversation] = await one.adapters.conversations.findByPhone('49170', '');
    expect(conversation).toMatchObject({ state: 'human', agentId: 'agent-1', unread: 1, lastText: 'hello' });
  });

  it('decides a conversation again when it changed, and only that one', async () => {
    const one = start();
    let first = true;
    one.brain.think = async ({ message }) => {
      if (message.id !== 'wamid.1' || !first) return {};
      first = false;
      await deliver(start(), said({ id: 'wamid.other', waId: '49170', text: 'in between' }));
      return {};
    };
    expect(await deliver(one, said({ id: 'wamid.1', waId: '49170' }), said({ id: 'wamid.2', waId: '49171' }))).toBe(
      true,
    );
    expect(one.brain.turns).toEqual(['wamid.1', 'wamid.2', 'wamid.1']);
    expect(await rows(one.db)).toMatchObject({ conversations: 2, marks: 3 });
  });

  it('keeps the order of one customer', async () => {
    const one = start();
    const left = await listen(one.bus, 'test');
    await one.consume();
    const ids = Array.from({ length: 30 }, (_, at) => `wamid.${at}`);
    for (let at = 0; at < ids.length; at += 10) {
      await one.bus.publish(ids.slice(at, at + 10).map((id) => said({ id, waId: '49170', text: id })));
    }
    await eventually(() => expect(left.sends).toHaveLength(ids.length));
    expect(left.sends.map(({ inReplyTo }) => inReplyTo)).toEqual(ids);
  });

  it('commits the others when one message fails, and leaves the position', async () => {
    const one = start();
    one.brain.think = async ({ message }) => {
      if (message.id === 'wamid.2') throw new AppError({ code: 'INTERNAL', reason: 'TEST.BROKEN', message: 'broken' });
      return {};
    };
    const records = ['1', '2', '3'].map((n) => said({ id: `wamid.${n}`, waId: `4917${n}` }));
    await expect(deliver(one, ...records)).rejects.toMatchObject({ reason: 'TEST.BROKEN' });
    expect(await rows(one.db)).toMatchObject({ marks: 2 });
    one.brain.think = async () => ({});
    expect(await deliver(one, ...records)).toBe(true);
    expect(one.brain.turns).toEqual(['wamid.1', 'wamid.2', 'wamid.3', 'wamid.2']);
  });

  it('hands the customer of a dead letter to a person', async () => {
    const one = start();
    const left = await listen(one.bus, 'test');
    one.brain.think = async () => Promise.reject(new Error('a bug'));
    await one.consume();
    await one.bus.publish([said({ id: 'wamid.1', waId: '49170' })]);
    await eventually(() => expect(left.facts.map(({ event }) => event?.$case)).toContain('stateChanged'));
    const [conversation] = await one.adapters.conversations.findByPhone('49170', '');
    expect(conversation).toMatchObject({ state: 'queued', handoffReason: 'failed' });
    expect(left.sends).toEqual([]);
  });

  it('hands the customer of a record that does not decode to a person, once, and still answers the message itself', async () => {
    const one = start();
    const left = await listen(one.bus, 'test');
    await one.consume();
    const bad = said({ id: 'wamid.1', waId: '49170' });
    const garbled = { ...bad, topic: { ...bad.topic, encode: () => Buffer.from([0xff]) } };
    await one.bus.publish([said({ id: 'wamid.0', waId: '49170' })]);
    await eventually(() => expect(left.sends).toHaveLength(1));
    await one.bus.publish([garbled, garbled]);
    const state = async () => (await one.adapters.conversations.findByPhone('49170', ''))[0];
    await eventually(async () => expect(await state()).toMatchObject({ state: 'queued', handoffReason: 'failed' }));
    await one.bus.publish([bad]);
    await eventually(() => expect(left.facts.at(-1)?.event).toMatchObject({ value: { text: 'hello' } }));
    const handoffs = left.facts.filter(({ event }) => event?.$case === 'handoffRequested');
    expect(handoffs).toHaveLength(1);
    expect(await one.bus.deadLetters.list('whatsapp.inbound')).toHaveLength(2);
  });

  it('hands the customer of a dead letter to a person when it cannot even be written down as it is', async () => {
    const one = start();
    const left = await listen(one.bus, 'test');
    await one.consume();
    // No table can hold this moment.
    const bad = said({ id: 'wamid.1', waId: '49170', sentAt: new Date(-8.64e15) });
    await one.bus.publish([said({ id: 'wamid.0', waId: '49171' }), bad, said({ id: 'wamid.2', waId: '49171' })]);
    await eventually(() => expect(left.facts.map(({ event }) => event?.$case)).toContain('stateChanged'));
    const [conversation] = await one.adapters.conversations.findByPhone('49170', '');
    expect(conversation).toMatchObject({ state: 'queued', handoffReason: 'failed', lastText: '[text]' });
    await eventually(() => expect(left.sends.map(({ inReplyTo }) => inReplyTo)).toEqual(['wamid.0', 'wamid.2']));
    const letters = [{ recordId: 'wamid.1', reason: 'POSTGRES.FAILED' }];
    // The customer is looked after first, then the letter is kept.
    await eventually(async () => expect(await one.bus.deadLetters.list('whatsapp.inbound')).toMatchObject(letters));
  });

  it('hands the customer of a reply that may be lost to a person, once', async () => {
    const one = start();
    const left = await listen(one.bus, 'test');
    await one.consume();
    await one.bus.publish([said({ id: 'wamid.1', waId: '49170' })]);
    await eventually(() => expect(left.sends).toHaveLength(1));
    const [send] = left.sends;
    const { conversations, brain, clock } = one.adapters;
    const rescue = new RescueLostReply(conversations, brain, clock);
    await consumeSettlements(one.bus, new SettleMessages(conversations), rescue);
    const lost = { sendId: send?.sendId, status: events.SettledStatus.FAILED, reason: 'SEND.IN_DOUBT' };
    const record = (id: string) => {
      const value = events.ConversationEvent.fromPartial({
        eventId: id,
        conversationId: send?.conversationId,
        contact: send?.recipient,
        event: { $case: 'messageSettled', value: lost },
      });
      return { topic: topics.conversationEvents, key: contactKey(value.contact!), value, id };
    };
    await one.bus.publish([record('first'), record('again')]);
    const kinds = (): (string | undefined)[] => left.facts.map(({ event }) => event?.$case);
    await eventually(() => expect(kinds()).toContain('stateChanged'));
    const [conversation] = await conversations.findByPhone('49170', '');
    expect(conversation).toMatchObject({ state: 'queued', handoffReason: 'failed' });
    expect(kinds().filter((kind) => kind === 'handoffRequested')).toHaveLength(1);
  });

  describe('a writing call', () => {
    const frameOf = (input: TurnInput, args: Record<string, unknown>): JournalFrame => ({
      step: 'cancel',
      operation: 'erp.cancelOrder',
      args,
      idempotencyKey: `${input.conversationId}/${input.message.id}/cancel`,
      state: input.state,
      now: input.now.toISOString(),
      contentVersion: 'v1',
    });
    const cancelling = (number: () => string) => async (input: TurnInput, calls: Calls) => {
      const frame = input.resume ?? frameOf(input, { number: number(), customerIds: ['c1'] });
      const outcome = await calls.write(frame);
      const text = outcome.ok ? `cancelled ${String(frame.args.number)} at ${input.now.toISOString()}` : outcome.reason;
      return { reply: { key: 'done', text, language: 'en' } };
    };
    const withOrders = (): Instance => {
      const one = start();
      for (const number of ['1', '2']) one.orders.orders.push({ number, customerId: 'c1', cancellable: true });
      return one;
    };

    it('is replayed as it was stored after a crash between the call and the commit', async () => {
      const one = withOrders();
      const asked = ['1', '2'];
      const decide = cancelling(() => asked.shift()!);
      one.brain.think = async (input, calls) => {
        await decide(input, calls);
        throw unavailable('TEST.CRASH', 'the process died here');
      };
      await expect(deliver(one, said({ id: 'wamid.1', waId: '49170' }))).rejects.toMatchObject({
        reason: 'TEST.CRASH',
      });
      one.brain.think = decide;
      clock.advance(60_000);
      expect(await deliver(one, said({ id: 'wamid.1', waId: '49170' }))).toBe(true);
      expect([...one.orders.cancelled.values()]).toEqual([{ number: '1', times: 2 }]);
      const [conversation] = await one.adapters.conversations.findByPhone('49170', '');
      expect(conversation!.lastText).toBe('cancelled 1 at 2026-11-22T10:00:00.000Z');
      const [entry] = await one.db.query<{ result: Buffer | null }>('select result from journal');
      expect(entry!.result).not.toBeNull();
    });

    it('is not begun once an agent has taken over', async () => {
      const one = withOrders();
      const takeOver = new TakeOver(one.adapters.conversations, clock);
      const decide = cancelling(() => '1');
      one.brain.think = async (input, calls) => {
        await takeOver.run(input.conversationId, 'agent-1');
        return decide(input, calls);
      };
      expect(await deliver(one, said({ id: 'wamid.1', waId: '49170' }))).toBe(true);
      expect(one.orders.cancelled.size).toBe(0);
      expect((await rows(one.db)).messages).toEqual(['customer']);
    });

    it('is tried again for 30 s when the bridge is away, and then counts as unavailable', async () => {
      const one = withOrders();
      one.brain.think = cancelling(() => '1');
      one.orders.switch.failure = unavailable('GRPC.UNAVAILABLE', 'no connection');
      const attempt = (): Promise<boolean> => deliver(one, said({ id: 'wamid.1', waId: '49170' }));
      await expect(attempt()).rejects.toMatchObject({ retryable: true });
      clock.advance(29_000);
      await expect(attempt()).rejects.toMatchObject({ retryable: true });
      clock.advance(1000);
      expect(await attempt()).toBe(true);
      const [conversation] = await one.adapters.conversations.findByPhone('49170', '');
      expect(conversation!.lastText).toBe('ERP.UNAVAILABLE');
    });

    it('is over at once when the bridge says that the ERP is away', async () => {
      const one = withOrders();
      one.brain.think = cancelling(() => '1');
      one.orders.switch.failure = unavailable('ERP.UNAVAILABLE', 'the ERP does not answer');
      expect(await deliver(one, said({ id: 'wamid.1', waId: '49170' }))).toBe(true);
      const [conversation] = await one.adapters.conversations.findByPhone('49170', '');
      expect(conversation!.lastText).toBe('ERP.UNAVAILABLE');
    });
  });
});
