import { loadConfig } from '@parley/config';
import { crm, events } from '@parley/contracts';
import { contactKey, topics, type EventBus } from '@parley/event-bus';
import { grpcClient, type Promised } from '@parley/grpc';
import { eventually, freePort, oldMarksGone, plantOldMarks } from '@parley/testing';
import { startService } from '../src/app.module.js';
import { configSchema } from '../src/config.js';
import { CrmUnderTest } from './subject.js';

let under: CrmUnderTest;
let service: { close(): Promise<void> };
let client: Promised<crm.CrmServiceClient>;
let bus: EventBus;
let opsUrl: string;

beforeAll(async () => {
  under = await CrmUnderTest.start();
  for (const table of ['inbox', 'idempotency'] as const) await plantOldMarks(under.database(), table);
  const [grpcPort, opsPort] = [await freePort(), await freePort()];
  const config = loadConfig(configSchema, {
    DATABASE_URL: under.adminUrl,
    GRPC_PORT_BASE: String(grpcPort - 3),
    OPS_PORT_BASE: String(opsPort - 3),
    PARLEY_MASTER_KEY: Buffer.alloc(32, 'parley-test-key').toString('base64'),
  });
  service = await startService(config);
  client = grpcClient(crm.CrmServiceClient, `127.0.0.1:${grpcPort}`);
  opsUrl = `http://127.0.0.1:${opsPort}`;
  bus = under.bus('conversation-service');
}, 60_000);

afterAll(async () => {
  client.close();
  await service.close();
  await under.close();
});

const who = { phoneNumberId: '1', userId: '', waId: '12125550101', profileName: 'Maya' };
const phone = '+12125550101';
const none = { id: '', whatsappUserId: '', phone: '', email: '' };

function event(eventId: string, over: events.ConversationEvent['event']) {
  const value = events.ConversationEvent.fromPartial({ eventId, conversationId: 'c1', contact: who, event: over });
  return { topic: topics.conversationEvents, key: contactKey(who), value, id: eventId } as never;
}

const recorded = (messageId: string, n: number): events.ConversationEvent['event'] => ({
  $case: 'messageRecorded',
  value: {
    messageId,
    direction: n % 2 === 0 ? events.Direction.INBOUND : events.Direction.OUTBOUND,
    author: n % 2 === 0 ? events.Author.CUSTOMER : events.Author.BOT,
    text: `Secret text ${n}`,
    at: new Date(Date.UTC(2026, 10, 22, 10, 0, n)),
    type: 'text',
  },
});

describe('crm-bridge over gRPC', () => {
  it('is ready, with demonstration customers', async () => {
    expect((await fetch(`${opsUrl}/health/ready`)).status).toBe(200);
    const lookups = [
      { ...none, phone: '12125550101' },
      { ...none, id: 'cus-ana' },
      { ...none, email: 'DIEGO.FERNANDEZ@example.com' },
    ];
    const { results } = await client.findCustomers({ lookups });
    expect(results.map(({ customers }) => customers[0]?.name)).toEqual(['Maya Patel', 'Ana Souza', 'Diego Fernández']);
    expect(results[0]?.customers[0]).toMatchObject({ id: 'cus-maya', language: 'en', timeZone: 'America/New_York' });
  });

  it('adds to tickets, notes activities, tells consent and changes, and what it can do', async () => {
    const zoe = { phone: '+34600100198', whatsappUserId: '' };
    const opened = await client.createTicket({
      ...zoe,
      idempotencyKey: 'ports-1',
      ticket: crm.Ticket.fromPartial({}),
    });
    const ticketId = opened.ticket?.id ?? '';
    const lines = { ticketId, lastMessageId: 'm1', lines: ['one', 'two'], mode: '' };
    await client.appendTranscript(lines);
    expect((await client.appendTranscript(lines)).ticket?.transcript).toBe('one\ntwo');
    const call = { ...zoe, kind: 'call', body: 'Rang.', at: new Date(0), idempotencyKey: 'ports-2' };
    expect(await client.logActivity(call)).toEqual({ written: true });
    expect(await client.logActivity(call)).toEqual({ written: false });
    const nobody = { phone: '+34600100199', whatsappUserId: '', purpose: 'marketing' };
    expect(await client.getConsent(nobody)).toEqual({ granted: false, at: undefined, evidenceRef: '' });
    await client.setConsent({ ...nobody, granted: true, at: new Date(1), evidenceRef: 'w' });
    expect(await client.getConsent(nobody)).toEqual({ granted: true, at: new Date(1), evidenceRef: 'w' });
    await eventually(async () => {
      const { changes } = await client.pollChanges({ cursor: '', limit: 1000 });
      expect(changes.map(({ id }) => id)).toContain(ticketId);
    });
    const { operations } = await client.getCapabilities({});
    expect(operations).toMatchObject({ appendTranscript: 'native', getCustomerValue: 'emulated' });
  });

  it.each([
    ['no last message', () => client.appendTranscript({ ticketId: 'x', lastMessageId: '', lines: [], mode: '' })],
    ['an unknown mode', () => client.appendTranscript({ ticketId: 'x', lastMessageId: 'm', lines: [], mode: 'fax' })],
    [
      'an activity in words',
      () =>
        client.logActivity({
          phone,
          whatsappUserId: '',
          kind: 'He rang',
          body: '',
          at: new Date(0),
          idempotencyKey: 'k',
        }),
    ],
    ['an unknown purpose', () => client.getConsent({ phone, whatsappUserId: '', purpose: 'fun' })],
    ['a cursor of somebody else', () => client.pollChanges({ cursor: 'x', limit: 0 })],
  ])('refuses %s', async (_what, call) => {
    await expect(call()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'REQUEST.INVALID' });
  });

  it('takes over a conversation, redelivered or not, once', async () => {
    const settled = { sendId: 'send-1', messageId: 'wamid.out', status: 1, reason: '', deliveredTwice: false };
    const records = [
      event('e0', recorded('wamid.in', 0)),
      event('e1', recorded('send-1', 1)),
      event('e2', { $case: 'messageSettled', value: { ...settled, at: new Date() } }),
    ];
    await bus.publish(records);
    await bus.publish(records);
    await bus.publish([event('e3', recorded('wamid.in2', 2))]);
    const entries = await eventually(async () => {
      const listed = await client.listConversationEntries({ phone, limit: 0, whatsappUserId: '' });
      expect(listed.entries).toHaveLength(3);
      return listed.entries;
    });
    expect(entries.map(({ wamid, direction, customerId, source }) => [wamid, direction, customerId, source])).toEqual([
      ['wamid.in', 'inbound', 'cus-maya', 'whatsapp'],
      ['wamid.out', 'outbound', 'cus-maya', 'whatsapp'],
      ['wamid.in2', 'inbound', 'cus-maya', 'whatsapp'],
    ]);
    expect(entries[0]?.text).toBe('Secret text 0');
  });

  it('opens one ticket and one task, and lists them by phone and customer', async () => {
    const handoff: events.ConversationEvent['event'] = {
      $case: 'handoffRequested',
      value: {
        handoffId: 'h1',
        reason: 'requested',
        team: 'support',
        intent: 'talk_to_human',
        transcript: [],
        language: 'en',
        priority: 'normal',
      },
    };
    const task: events.ConversationEvent['event'] = {
      $case: 'taskRequested',
      value: {
        idempotencyKey: 'c1/m/late',
        subject: 'late-order',
        orderNumber: '1240',
        dueAt: new Date(),
        description: 'd',
      },
    };
    await bus.publish([
      event('h1', handoff),
      event('t1', task),
      event('h1', handoff),
      event('h1b', handoff),
      event('t1b', task),
    ]);
    const { tickets } = await eventually(async () => {
      const listed = await client.listTickets({ customerId: '', phone, whatsappUserId: '', status: 'open' });
      expect(listed.tickets).toHaveLength(1);
      const ofMaya = { customerId: 'cus-maya', phone: '', whatsappUserId: '', status: '' };
      expect((await client.listTasks(ofMaya)).tasks).toHaveLength(1);
      return listed;
    });
    expect(tickets[0]).toMatchObject({ customerId: 'cus-maya', team: 'support' });
    expect(tickets[0]?.profile).toContain('Name: Maya Patel');
    const solved = await client.updateTicketStatus({
      ticketId: tickets[0]?.id ?? '',
      status: 'solved',
      idempotencyKey: 's1',
    });
    expect(solved.ticket?.status).toBe('solved');
  });

  it('keeps personal data unreadable in its tables', async () => {
    const words = ['Secret text', 'Maya Patel', '12125550101', 'maya.patel'];
    const who = { phone, whatsappUserId: '' };
    const opened = await client.createTicket({ ...who, idempotencyKey: 'p1', ticket: crm.Ticket.fromPartial({}) });
    const lines = ['Secret text of Maya Patel'];
    await client.appendTranscript({ ticketId: opened.ticket?.id ?? '', lastMessageId: 'p', lines, mode: 'text' });
    const body = 'Secret text about 12125550101';
    await client.logActivity({ ...who, kind: 'call', body, at: new Date(0), idempotencyKey: 'p2' });
    await client.createLead({ idempotencyKey: 'p3', name: 'Maya Patel', phone, interest: 'Secret text' });
    const tables = ['customers', 'customer_keys', 'entries', 'tickets', 'tasks', 'idempotency', 'consent_flags'].concat(
      ...['ticket_additions', 'activities', 'changes', 'leads'],
    );
    for (const table of tables) {
      const rows = await under.admin().query(`select t::text as row from crm.${table} t`);
      expect([table, rows.length]).not.toEqual([table, 0]);
      const text = JSON.stringify(rows);
      for (const word of words) {
        expect(text).not.toContain(word);
        expect(text).not.toContain(Buffer.from(word).toString('hex'));
      }
    }
  });

  it('refuses a load with a bad row, and writes nothing of it', async () => {
    const row = (id: string, over = {}) => crm.Customer.fromPartial({ id, name: `Name ${id}`, ...over });
    const refused = client.importCustomers({ customers: [row('new-1'), row('new-2', { phone: '12' })] });
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'IMPORT.REFUSED' });
    const { results } = await client.findCustomers({ lookups: [{ ...none, id: 'new-1' }] });
    expect(results[0]?.customers).toEqual([]);
    expect(await client.importCustomers({ customers: [row('new-1')] })).toEqual({ written: 1, unchanged: 0 });
    expect(await client.importCustomers({ customers: [row('new-1')] })).toEqual({ written: 0, unchanged: 1 });
  });

  it('answers with stable reasons', async () => {
    await expect(client.getCustomerValue({ customerId: 'nobody' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      reason: 'CUSTOMER.NOT_FOUND',
    });
    const bad = client.setConsent({
      phone,
      whatsappUserId: '',
      purpose: 'spam',
      granted: true,
      at: new Date(),
      evidenceRef: '',
    });
    await expect(bad).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'REQUEST.INVALID' });
  });

  it('removes marks and keys that nobody repeats any more', async () => {
    for (const table of ['inbox', 'idempotency'] as const) await oldMarksGone(under.database(), table);
  });
});
