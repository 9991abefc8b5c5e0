import { events } from '@parley/contracts';
import { contactKey, InMemoryEventBus, topics } from '@parley/event-bus';
import { eventually, FakeClock } from '@parley/testing';
import { inMemoryCrm } from '../outbound/in-memory/in-memory-crm.js';
import { at, contact, customer, lookup, MAYA, START } from '../ports/subject.contract.js';
import { TakeOverConversation } from '../usecases/take-over-conversation.js';
import { subscribeConsent } from './consent.events.js';
import { subscribeConversations } from './conversation.events.js';

const who = { phoneNumberId: '1', userId: '', waId: '12125550101', profileName: 'maya p' };
const everything = { customerId: '', phone: '', whatsappUserId: '', status: '' };

const recorded = (messageId: string, second = 0, text = `Text of ${messageId}`): events.MessageRecorded => ({
  messageId,
  direction: messageId.startsWith('wamid') ? events.Direction.INBOUND : events.Direction.OUTBOUND,
  author: messageId.startsWith('wamid') ? events.Author.CUSTOMER : events.Author.BOT,
  text,
  at: at(second),
  type: 'text',
});

const event = (eventId: string, over: events.ConversationEvent['event']): events.ConversationEvent =>
  events.ConversationEvent.fromPartial({ eventId, conversationId: 'c1', contact: who, event: over, occurredAt: at(0) });

const handoff = (handoffId: string): events.ConversationEvent['event'] => ({
  $case: 'handoffRequested',
  value: {
    handoffId,
    reason: 'misunderstood',
    team: 'support',
    intent: 'track_order',
    transcript: [recorded('wamid.1', 0, 'Where is\nit?'), recorded('send-1', 1, 'Which order?')],
    language: 'en',
    priority: 'high',
  },
});

async function start() {
  const crm = inMemoryCrm(() => new FakeClock(START).now());
  const bus = new InMemoryEventBus();
  await subscribeConversations(bus, new TakeOverConversation(crm.customers, crm.journal));
  await subscribeConsent(bus, crm.journal);
  const say = async (...said: events.ConversationEvent[]): Promise<void> => {
    const topic = topics.conversationEvents;
    await bus.publish(said.map((value) => ({ topic, key: contactKey(who), value, id: value.eventId })));
    await eventually(() => bus.idle);
  };
  return { crm, bus, say };
}

describe('conversation.events into the CRM', () => {
  it('makes one ticket of a hand-off, with transcript, profile and customer', async () => {
    const { crm, bus, say } = await start();
    await crm.customers.load([customer('cus-maya', { name: 'Maya Patel', phone: MAYA, tier: 'gold' })]);
    await say(event('e1', handoff('h1')), event('e1', handoff('h1')), event('e2', handoff('h1')));
    const tickets = await crm.work.tickets(everything);
    expect(tickets).toMatchObject([
      { customerId: 'cus-maya', conversationId: 'c1', team: 'support', reason: 'misunderstood', priority: 'high' },
    ]);
    expect(tickets[0]?.transcript).toBe(
      '2026-11-22T10:00:00.000Z customer: Where is / it?\n2026-11-22T10:00:01.000Z bot: Which order?',
    );
    expect(tickets[0]?.profile).toContain('Name: Maya Patel\n');
    expect(tickets[0]?.profile).toContain('Tier: gold');
    await bus.close();
  });

  it('describes somebody unknown by what WhatsApp says', async () => {
    const { crm, bus, say } = await start();
    await say(event('e1', handoff('h1')));
    const [ticket] = await crm.work.tickets(everything);
    expect(ticket?.customerId).toBe('');
    expect(ticket?.profile).toContain('WhatsApp name: maya p');
    await bus.close();
  });

  it('writes lines with the wamids they got, and one task per key', async () => {
    const { crm, bus, say } = await start();
    const value = { idempotencyKey: 'k1', subject: 'late-order', orderNumber: '1240', dueAt: at(9), description: 'd' };
    const settled = { sendId: 'send-1', messageId: 'wamid.2', status: 1, at: at(2), reason: '', deliveredTwice: false };
    await say(
      event('e1', { $case: 'messageRecorded', value: recorded('wamid.1') }),
      event('e2', { $case: 'messageRecorded', value: recorded('send-1', 1) }),
      event('e3', { $case: 'taskRequested', value }),
      event('e4', { $case: 'taskRequested', value }),
      event('e5', { $case: 'messageSettled', value: settled }),
      event('e6', { $case: 'intentUnderstood', value: { messageId: 'm', intent: 'i', confidence: 1, language: '' } }),
    );
    const lines = await crm.conversations.list(contact(MAYA), 10);
    expect(lines.map(({ wamid, direction, author }) => [wamid, direction, author])).toEqual([
      ['wamid.1', 'inbound', 'customer'],
      ['wamid.2', 'outbound', 'bot'],
    ]);
    expect(await crm.work.tasks(everything)).toMatchObject([{ subject: 'late-order', orderNumber: '1240' }]);
    await bus.close();
  });

  it('takes the facts of a turn over one by one', async () => {
    const { crm, bus, say } = await start();
    const lines = [recorded('wamid.1'), recorded('send-1', 1)];
    const within = lines.map((value, n) =>
      events.ConversationEvent.fromPartial({ eventId: `t${n}`, event: { $case: 'messageRecorded', value } }),
    );
    const ticket = events.ConversationEvent.fromPartial({ eventId: 't2', event: handoff('h1') });
    const turn = event('t0', { $case: 'turnTaken', value: { events: [...within, ticket] } });
    await say(turn, turn);
    const ids = (await crm.conversations.list(contact(MAYA), 10)).map(({ messageId }) => messageId);
    expect(ids).toEqual(['wamid.1', 'send-1']);
    expect(await crm.work.tickets(everything)).toHaveLength(1);
    await bus.close();
  });

  it('gives up an event that lacks what it is about, and goes on', async () => {
    const { crm, bus, say } = await start();
    await say(
      event('e1', { $case: 'messageRecorded', value: recorded('') }),
      event('e2', { $case: 'messageRecorded', value: recorded('wamid.1') }),
    );
    expect(await crm.conversations.list(contact(MAYA), 10)).toHaveLength(1);
    expect(await bus.deadLetters.list()).toMatchObject([{ recordId: 'e1', reason: 'EVENT.INVALID' }]);
    await bus.close();
  });

  it('flags the contact when the ledger changes', async () => {
    const { crm, bus } = await start();
    await crm.customers.load([customer('cus-maya', { phone: MAYA })]);
    const value: events.ConsentChanged = {
      entryId: 'l1',
      contact: who,
      purpose: 'all',
      granted: false,
      at: at(1),
      source: 'stop-word',
      evidenceRef: 'wamid.1',
      traceparent: '',
    };
    await bus.publish([{ topic: topics.consentEvents, key: contactKey(who), value, id: 'l1' }] as never);
    await eventually(() => bus.idle);
    const [[found] = []] = await crm.customers.find([lookup({ id: 'cus-maya' })]);
    expect(found?.whatsappMarketing).toBe(false);
    await bus.close();
  });
});
