import { randomUUID } from 'node:crypto';
import { common, events } from '@parley/contracts';
import { contactKey, topics, type OutgoingRecord, type Topic } from '@parley/event-bus';
import { eventually } from '@parley/testing';
import { busOf } from '../src/bus.js';
import { clientsOf, type Clients } from '../src/clients.js';
import { command } from '../src/command.js';
import { TinyGraph } from '../src/graph.js';
import { System } from '../src/system.js';
import { postWebhook, textWebhook } from '../src/webhook.js';

const NUMBER = '106540352242922';
const GOOD = 999;
const PATIENCE = { timeoutMs: 60_000 };
const customer = (n: number): string => `4917${String(800_000_000 + n)}`;
/** A customer whose record cannot be handled, though it can be read: no table holds the moment it was written at. */
const UNLUCKY = customer(5000);
const INBOUND = topics.whatsappInbound.name;

function inbound(id: string, waId: string, sentAt = new Date()): OutgoingRecord<events.WebhookItemReceived> {
  const contact = common.WhatsAppIdentity.fromPartial({ phoneNumberId: NUMBER, waId, profileName: 'Somebody' });
  const content = { $case: 'text', value: { body: 'hello' } } as const;
  const base = { itemId: id, field: 'messages', type: 'text', contact, sentAt, receivedAt: new Date(), content };
  const value = events.WebhookItemReceived.fromPartial(base);
  return { topic: topics.whatsappInbound, key: contactKey(contact), value, id };
}

/** Bytes that are no message of the topic. */
function undecodable(id: string, waId: string): OutgoingRecord<events.WebhookItemReceived> {
  const topic: Topic<events.WebhookItemReceived> = { ...topics.whatsappInbound, encode: () => Buffer.from([0xff]) };
  return { ...inbound(id, waId), topic };
}

describe('one bad record in a thousand', () => {
  let graph: TinyGraph;
  let system: System;
  let clients: Clients;
  let bus: Awaited<ReturnType<typeof busOf>>;
  const [garbage, unholdable] = [`wamid.${randomUUID()}`, `wamid.${randomUUID()}`];

  beforeAll(async () => {
    graph = await TinyGraph.start();
    system = await System.start({
      SIMULATOR: 'off',
      WHATSAPP_GRAPH_URL: graph.url,
      WHATSAPP_MESSAGES_PER_SECOND: '1000',
    });
    clients = clientsOf(system);
    bus = await busOf(system);
  }, 240_000);
  afterAll(async () => {
    await bus?.close();
    clients?.close();
    await system?.dispose();
    await graph?.stop();
  }, 60_000);

  async function letterOf(recordId: string): Promise<string> {
    const { code, output } = await command(system, 'dlq', 'list', INBOUND);
    expect(code).toBe(0);
    const letters = await bus.bus.deadLetters.list(INBOUND);
    const letter = letters.find((one) => one.recordId === recordId && one.group === 'conversation');
    if (!letter) throw new Error(`No dead letter of ${recordId} among ${letters.length}.`);
    expect(output).toContain(letter.id);
    expect(output).toContain(letter.reason);
    return letter.id;
  }

  it.each([
    ['does not decode', 'BUS.UNDECODABLE', undecodable(garbage, UNLUCKY), 0],
    ['breaks whoever handles it', 'POSTGRES.FAILED', inbound(unholdable, UNLUCKY, new Date(-8.64e15)), 1000],
  ])(
    'that %s goes to the dead letters with its reason, and 999 are answered',
    async (_what, reason, bad, from) => {
      const good = Array.from({ length: GOOD }, (_, n) => inbound(`wamid.${randomUUID()}`, customer(from + n)));
      const before = graph.sends.length;
      await bus.bus.publish([...good.slice(0, 500), bad, ...good.slice(500)]);
      await eventually(() => expect(graph.sends.length - before).toBe(GOOD), PATIENCE);
      for (const [n] of good.entries()) expect(graph.textsTo(customer(from + n))).toHaveLength(1);
      const id = await eventually(() => letterOf(bad.id), PATIENCE);
      const { code, output } = await command(system, 'dlq', 'show', id);
      expect(code).toBe(0);
      expect(output).toContain(`"reason": "${reason}"`);
      expect(graph.textsTo(UNLUCKY)).toEqual([]);
    },
    120_000,
  );

  it('is for a person: its customer waits in a queue, with one ticket', async () => {
    await eventually(async () => {
      const { conversation: found } = await clients.conversation.getByPhone({
        phone: `+${UNLUCKY}`,
        phoneNumberId: '',
      });
      expect(found).toMatchObject({ state: events.ConversationState.QUEUED });
      const { tickets } = await clients.crm.listTickets({
        customerId: '',
        phone: `+${UNLUCKY}`,
        whatsappUserId: '',
        status: '',
      });
      expect(tickets).toHaveLength(1);
    }, PATIENCE);
  }, 90_000);

  it('hands a known customer over by the key alone, when the bytes say nothing', async () => {
    const known = customer(1);
    await bus.bus.publish([undecodable(`wamid.${randomUUID()}`, known)]);
    await eventually(async () => {
      const { conversation: found } = await clients.conversation.getByPhone({ phone: `+${known}`, phoneNumberId: '' });
      expect(found).toMatchObject({ state: events.ConversationState.QUEUED });
    }, PATIENCE);
  }, 90_000);

  it('changes nothing when it is replayed, since its customer was looked after', async () => {
    const { code, output } = await command(system, 'dlq', 'replay', await letterOf(unholdable));
    expect([code, output]).toEqual([0, expect.stringContaining('Replayed: 1.')]);
    // Of the same customer, so behind the replayed record on its way.
    const next = textWebhook([{ id: `wamid.${randomUUID()}`, from: UNLUCKY, text: 'anybody there?' }]);
    expect((await postWebhook(system.gatewayUrl, next)).status).toBe(200);
    await eventually(async () => {
      const { entries } = await clients.crm.listConversationEntries({
        phone: `+${UNLUCKY}`,
        limit: 0,
        whatsappUserId: '',
      });
      expect(entries.map(({ text }) => text)).toEqual(['', 'anybody there?']);
    }, PATIENCE);
    const { tickets } = await clients.crm.listTickets({
      customerId: '',
      phone: `+${UNLUCKY}`,
      whatsappUserId: '',
      status: '',
    });
    expect(tickets).toHaveLength(1);
    expect(graph.textsTo(UNLUCKY)).toEqual([]);
    expect((await command(system, 'dlq', 'list', INBOUND)).output).toContain('replayed 2');
  }, 120_000);
});
