import { AppError, unavailable } from '@parley/errors';
import { FakeClock } from '@parley/testing';
import type { TurnInput, TurnResult } from '../domain/turn.js';
import { InMemoryConversations, InMemoryJournal } from '../outbound/in-memory/in-memory-conversations.js';
import {
  InMemoryConsent,
  InMemoryCustomers,
  InMemoryOrders,
  InMemoryUnderstander,
} from '../outbound/in-memory/in-memory-systems.js';
import { AnswerBatch } from './answer-batch.js';
import type { InboundItem } from './inbound-item.js';
import { Joiner } from './joiner.js';
import { Patience } from './patience.js';

const START = new Date('2026-11-22T10:00:00Z');

function subject() {
  const clock = new FakeClock(START);
  const conversations = new InMemoryConversations();
  const [orders, customers, understander] = [new InMemoryOrders(), new InMemoryCustomers(), new InMemoryUnderstander()];
  const inputs: TurnInput[] = [];
  const brain = {
    turn: async (input: TurnInput): Promise<TurnResult> => {
      inputs.push(input);
      const reply = { key: 'echo', text: input.message.text, language: 'en' };
      return {
        state: { ...input.state, asked: 'order' },
        reply,
        effects: [],
        calls: [],
        decidedBy: 'f@1/s',
        orderNumber: '7',
      };
    },
    route: () => ({ team: 'service', priority: 'normal' as const }),
    defaults: () => ({ language: 'en', timeZone: 'UTC' }),
  };
  const around = {
    clock,
    conversations,
    brain,
    orders,
    consent: new InMemoryConsent(),
    journal: new InMemoryJournal(conversations),
    patience: new Patience(clock),
    orderLookups: new Joiner('orders', orders.get.bind(orders)),
    customerLookups: new Joiner('customers', customers.find.bind(customers)),
    utterances: new Joiner('utterances', understander.understand.bind(understander)),
  };
  let positions = 0;
  const answer = new AnswerBatch(around, new Set(['1066']));
  const run = async (...items: InboundItem[]): Promise<number> => {
    await answer.run(items, async () => void (positions += 1));
    return positions;
  };
  return { clock, conversations, customers, understander, inputs, run };
}

const item = (id: string, text: string, parts: Partial<InboundItem> = {}): InboundItem => ({
  id,
  field: 'messages',
  type: 'text',
  contact: { phoneNumberId: '1066', userId: '', waId: '49170', profileName: 'Ada' },
  text,
  replyId: null,
  sentAt: START,
  identityChange: null,
  traceparent: '',
  annotate: () => undefined,
  ...parts,
});
const customer = (id: string, phone: string | null, userId?: string) => ({
  ...{ id, name: `Customer ${id}`, phone, email: null, language: 'de', timeZone: null, tier: null, tags: [] },
  ...(userId ? { userId } : {}),
});

describe('AnswerBatch', () => {
  it('answers the messages of one conversation in order, each on what the one before left', async () => {
    const { conversations, understander, inputs, run } = subject();
    expect(await run(item('w.1', 'one'), item('w.2', 'two'), item('w.1', 'one'))).toBe(1);
    expect(inputs.map(({ message, state }) => [message.id, state.asked])).toEqual([
      ['w.1', null],
      ['w.2', 'order'],
    ]);
    expect(understander.switch.calls).toEqual([1, 1]);
    expect(conversations.sends.map(({ inReplyTo, decidedBy }) => [inReplyTo, decidedBy])).toEqual([
      ['w.1', 'f@1/s'],
      ['w.2', 'f@1/s'],
    ]);
    await run(item('w.1', 'one'));
    expect(inputs).toHaveLength(2);
  });

  it('commits what is decided around a change that no table takes, and decides only that one again', async () => {
    const { conversations, inputs, run } = subject();
    const commit = conversations.commit.bind(conversations);
    conversations.commit = async (wanted) => {
      if (!wanted.changes.some(({ itemIds }) => itemIds.includes('w.5'))) return commit(wanted);
      throw new AppError({ code: 'INTERNAL', reason: 'POSTGRES.FAILED', message: 'refused' });
    };
    const items = Array.from({ length: 9 }, (_, n) =>
      item(`w.${n}`, 'x', { contact: { phoneNumberId: '1066', userId: '', waId: `4917${n}`, profileName: '' } }),
    );
    await expect(run(...items)).rejects.toMatchObject({ reason: 'POSTGRES.FAILED' });
    expect(conversations.sends.map(({ inReplyTo }) => inReplyTo).toSorted()).toEqual(
      items.map(({ id }) => id).filter((id) => id !== 'w.5'),
    );
    await expect(run(...items)).rejects.toMatchObject({ reason: 'POSTGRES.FAILED' });
    expect(inputs.map(({ message }) => message.id).slice(items.length)).toEqual(['w.5']);
    expect(await run(...items.slice(0, 5), ...items.slice(6))).toBe(1);
  });

  it('tells facts in the order they became true', async () => {
    const { conversations, run } = subject();
    await run(item('w.1', 'my card is 4111111111111111'));
    expect(conversations.facts.map(({ body, flow, orderNumber }) => [body.kind, flow, orderNumber])).toEqual([
      ['message-recorded', '', ''],
      ['intent-understood', '', ''],
      ['message-recorded', 'f@1', '7'],
    ]);
    expect(JSON.stringify(conversations.facts)).not.toContain('4111111111111111');
  });

  it('knows the customer by user id before phone, and picks nobody out of several', async () => {
    const { customers, inputs, run } = subject();
    customers.customers.push(
      customer('a', '+49170'),
      customer('b', null, 'DE.1'),
      customer('c', '+49171'),
      customer('d', '+49171'),
    );
    const contact = (waId: string, userId: string) => ({
      contact: { phoneNumberId: '1066', waId, userId, profileName: '' },
    });
    await run(item('w.1', 'x', contact('49170', 'DE.1')));
    await run(item('w.2', 'x', contact('49170', 'DE.9')), item('w.3', 'x', contact('49171', '')));
    expect(inputs.map((input) => input.customer?.id ?? null)).toEqual(['b', 'a', null]);
  });

  it('goes on with the customer it remembers when the CRM is away', async () => {
    const { customers, inputs, run } = subject();
    customers.customers.push(customer('a', '+49170'));
    await run(item('w.1', 'x'));
    customers.switch.failure = unavailable('CRM.UNAVAILABLE', 'away');
    await run(item('w.2', 'x'));
    expect(inputs[1]!.customer).toMatchObject({ id: 'a', name: 'Customer a', phone: '+49170' });
  });

  it('takes nobody for a stranger while the CRM is away: who a newcomer is stays open, after 30 s of trying', async () => {
    const { clock, customers, inputs, run } = subject();
    customers.switch.failure = unavailable('GRPC.UNAVAILABLE', 'away');
    await expect(run(item('w.1', 'x'))).rejects.toMatchObject({ retryable: true });
    clock.advance(30_000);
    await run(item('w.1', 'x'));
    customers.switch.failure = null;
    await run(item('w.2', 'x'));
    expect(inputs.map(({ customer, customerAway }) => [customer, customerAway])).toEqual([
      [null, true],
      [null, false],
    ]);
  });

  it('commits nothing of a message while the intent service is away, however long', async () => {
    const { clock, conversations, understander, run } = subject();
    understander.switch.failure = unavailable('GRPC.UNAVAILABLE', 'away');
    await expect(run(item('w.1', 'x'))).rejects.toMatchObject({ retryable: true });
    clock.advance(600_000);
    await expect(run(item('w.1', 'x'))).rejects.toMatchObject({ retryable: true });
    expect(conversations.marks.size).toBe(0);
    understander.switch.failure = null;
    expect(await run(item('w.1', 'x'))).toBe(1);
  });

  it('marks items without anybody to answer', async () => {
    const { conversations, inputs, run } = subject();
    const nobody = { phoneNumberId: '1066', waId: '', userId: '', profileName: '' };
    const elsewhere = { ...nobody, phoneNumberId: '999', waId: '49170' };
    const items = [item('w.1', 'x', { contact: nobody }), item('w.2', 'x', { contact: elsewhere })];
    expect(await run(...items, item('w.3', 'x', { field: 'account_update' }))).toBe(1);
    expect(conversations.marks).toEqual(new Set(['w.1', 'w.2', 'w.3']));
    expect(inputs).toEqual([]);
  });
});
