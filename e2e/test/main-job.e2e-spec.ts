import { eventually } from '@parley/testing';
import { clientsOf, type Clients } from '../src/clients.js';
import { command } from '../src/command.js';
import { Phone } from '../src/phone.js';
import { System } from '../src/system.js';

const MAYA = '+12125550101';
const DIEGO = '+34600100102';
const CAMILLE = '+33600100104';
const TOM = '+12125550109';
const CHLOE = '+447700900112';
const PATIENCE = { timeoutMs: 20_000 };

describe('the main job, through the simulator', () => {
  let system: System;
  let clients: Clients;
  const phoneOf = (number: string): Phone => new Phone(system.simulatorUrl, number);

  beforeAll(async () => {
    system = await System.start();
    clients = clientsOf(system);
  }, 240_000);
  afterAll(async () => {
    clients?.close();
    await system?.dispose();
  }, 60_000);

  it('answers "Track order 1234" with the time from the ERP, in the customer\'s zone', async () => {
    const reply = await phoneOf(MAYA).ask('Track order 1234');
    expect(reply.text).toMatch(/Your order 1234 will arrive (today|tomorrow) by 4 PM/);
  }, 60_000);

  it('writes the conversation into the CRM with wamids, source and customer', async () => {
    await eventually(async () => {
      const { entries } = await clients.crm.listConversationEntries({ phone: MAYA, limit: 0, whatsappUserId: '' });
      expect(entries.map(({ direction }) => direction)).toEqual(['inbound', 'outbound']);
      for (const entry of entries) {
        expect(entry).toMatchObject({ source: 'whatsapp', customerId: 'cus-maya' });
        expect(entry.wamid).toMatch(/^wamid\./);
      }
    }, PATIENCE);
  }, 60_000);

  it('shows the ticks of the reply', async () => {
    await eventually(async () => {
      const [reply] = await phoneOf(MAYA).replies();
      expect(reply?.status).toBe('read');
      const { conversation } = await clients.conversation.getByPhone({ phone: MAYA, phoneNumberId: '' });
      const { transcript } = await clients.conversation.getConversation({
        conversationId: conversation?.id ?? '',
        limit: 0,
      });
      expect(transcript.at(-1)?.status).toBe(5);
    }, PATIENCE);
  }, 60_000);

  it('leaves an audit entry for every step', async () => {
    await eventually(async () => {
      const { entries } = await clients.audit.query({ ...everything, customer: MAYA });
      const actions = new Set(entries.map(({ action }) => action));
      for (const action of [
        'message_recorded',
        'intent_understood',
        'call_made',
        'graph.messages',
        'message_settled',
      ]) {
        expect([...actions]).toContain(action);
      }
    }, PATIENCE);
    expect(await clients.audit.verify({ chain: '' })).toMatchObject({ problems: [] });
  }, 60_000);

  it('makes one follow-up task for a late order', async () => {
    const reply = await phoneOf(TOM).ask('where is my order 1240?');
    expect(reply.text).toContain('1240');
    await eventually(async () => {
      const { tasks } = await clients.crm.listTasks({ customerId: '', phone: TOM, whatsappUserId: '', status: '' });
      expect(tasks).toEqual([expect.objectContaining({ subject: 'late-order', orderNumber: '1240', status: 'open' })]);
    }, PATIENCE);
  }, 60_000);

  it('cancels an order only after a yes, and once', async () => {
    const phone = phoneOf(TOM);
    const question = await phone.ask('cancel order 1250');
    const yes = question.buttons?.find(({ id }) => id.startsWith('confirm:yes'));
    expect(yes).toBeDefined();
    const done = await phone.tap(yes?.id ?? '');
    expect(done.text).toContain('1250');
    const { results } = await clients.erp.getOrders({ queries: [{ number: '1250', customerIds: ['cus-tom'] }] });
    expect(results[0]?.order?.status).toBe(7);
  }, 60_000);

  it("tells a stranger nothing of somebody else's order", async () => {
    const reply = await phoneOf(CHLOE).ask('Track order 1234');
    expect(reply.text).not.toMatch(/arrive/i);
    expect(reply.text).toMatch(/e-?mail/i);
  }, 60_000);

  it('hands over on request, in Spanish, with one ticket that holds the transcript', async () => {
    const phone = phoneOf(DIEGO);
    await phone.ask('Quiero hablar con una persona, por favor');
    await eventually(async () => {
      const { tickets } = await clients.crm.listTickets({
        customerId: '',
        phone: DIEGO,
        whatsappUserId: '',
        status: '',
      });
      expect(tickets).toHaveLength(1);
      expect(tickets[0]?.transcript).toContain('hablar con una persona');
      expect(tickets[0]?.team).not.toBe('');
    }, PATIENCE);
    const { conversation } = await clients.conversation.getByPhone({ phone: DIEGO, phoneNumberId: '' });
    expect(conversation?.state).toBe(2);
  }, 60_000);

  it('answers a French customer in French', async () => {
    const reply = await phoneOf(CAMILLE).ask('Où est ma commande ?');
    expect(reply.text).toMatch(/commande/i);
  }, 60_000);

  it('takes STOP for an opt-out: one confirmation, consent withdrawn, flag on the contact', async () => {
    const phone = phoneOf(CHLOE);
    await phone.ask('STOP');
    const contact = { phoneNumberId: '106540352242922', waId: CHLOE.slice(1), userId: '', profileName: '' };
    await eventually(async () => {
      const check = await clients.consent.check({ contact, purpose: 'marketing' });
      expect(check).toMatchObject({ allowed: false, reason: 'withdrawn' });
      const { results } = await clients.crm.findCustomers({
        lookups: [{ id: '', whatsappUserId: '', phone: CHLOE, email: '' }],
      });
      expect(results[0]?.customers[0]?.whatsappMarketing).toBe(false);
    }, PATIENCE);
  }, 60_000);

  it('keeps conversations over a restart, and starts again on the same data', async () => {
    expect(await system.stop()).toBe(0);
    await system.run();
    const { conversation } = await clients.conversation.getByPhone({ phone: MAYA, phoneNumberId: '' });
    expect(conversation?.customerId).toBe('cus-maya');
  }, 120_000);

  it('starts a service again that dies, and says so once', async () => {
    const [pid] = await system.pidsOf('erp-bridge');
    process.kill(pid ?? 0, 'SIGKILL');
    const reply = await phoneOf(MAYA).ask('Track order 1234');
    expect(reply.text).toMatch(/Your order 1234 will arrive/);
    expect(system.lines.filter((line) => line === 'started again: erp-bridge')).toHaveLength(1);
  }, 120_000);

  it('is played by `npm run demo`, with the time of every hop', async () => {
    const { code, output } = await command(system, 'demo');
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toMatch(
      /customer {2}Track order 1234\n {2}Parley {4}.*order 1234 will arrive (today|tomorrow) by 4 PM/,
    );
    expect(output).toMatch(/\d+ ms from the customer's phone to the reply on it/);
    const hops = ['gateway', 'conversation -> intent', 'conversation -> erp', 'conversation', 'gateway -> Graph API'];
    for (const hop of hops) expect(output).toMatch(new RegExp(`^ {2}${hop} {2,}\\S.* -?\\d+ ms +\\d+ ms$`, 'm'));
    expect(output).toMatch(/\d+ audit entries so far/);
  }, 60_000);
});

const everything = {
  customer: '',
  order: '',
  session: '',
  requestId: '',
  from: undefined,
  until: undefined,
  limit: 0,
  pageToken: '',
};
