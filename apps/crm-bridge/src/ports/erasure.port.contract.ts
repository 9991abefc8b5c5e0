import { FakeClock } from '@parley/testing';
import type { ErasedTable } from '../domain/erasure.js';
import type { Receipt } from './journal.port.js';
import { at, contact, customer, entry, lookup, MAYA, START, task, ticket } from './subject.contract.js';
import type { MakeSubject, Subject } from './subject.contract.js';

const OTHER = '+12125550109';
const everything = { customerId: '', phone: '', whatsappUserId: '', status: '' };

/** What every adapter of `Erasure` keeps. */
export function describeErasure(name: string, make: MakeSubject): void {
  const receipt: Receipt = { commitIn: async () => undefined };
  const full = async (): Promise<Subject> => {
    const subject = await make(new FakeClock(START));
    await subject.customers.load([
      customer('maya', { phone: MAYA, email: 'maya@example.com', whatsappUserId: 'US.1' }),
      customer('tom', { phone: OTHER }),
    ]);
    await subject.conversations.log([entry('m1'), entry('m2', { contact: contact('', 'US.1') })]);
    await subject.conversations.log([entry('t1', { contact: contact(OTHER) })]);
    await subject.work.openTicket(ticket('k1', { customerId: 'maya' }));
    await subject.work.createTask(task('k2', { customerId: 'maya' }));
    await subject.work.openTicket(ticket('k3', { customerId: 'tom', contact: contact(OTHER) }));
    return subject;
  };
  const erase = async (subject: Subject, customerIds: string[] = []): Promise<Record<string, [string, number]>> => {
    const identities = subject.identities(contact(MAYA));
    const [tables = []] = await subject.erasure.erase([{ identities, customerIds, erasedAt: at(60) }]);
    return Object.fromEntries(tables.map(({ table, effect, rows }: ErasedTable) => [table, [effect, Number(rows)]]));
  };

  describe(`${name} erasure`, () => {
    it('removes customer and lines by any identity, and empties tickets and tasks', async () => {
      const subject = await full();
      expect(await erase(subject)).toMatchObject({
        ...{ 'crm.customers': ['deleted', 1], 'crm.entries': ['deleted', 2] },
        ...{ 'crm.tickets': ['emptied', 1], 'crm.tasks': ['emptied', 1] },
      });
      const lookups = [{ id: 'maya' }, { phone: MAYA }, { email: 'maya@example.com' }, { whatsappUserId: 'US.1' }];
      expect((await subject.customers.find(lookups.map(lookup))).flat()).toEqual([]);
      expect(await subject.conversations.list(contact(MAYA, 'US.1'), 10)).toEqual([]);
      const tickets = await subject.work.tickets(everything);
      expect(tickets.map(({ transcript, customerId }) => [transcript, customerId])).toEqual([
        ['', ''],
        ['line one\nline two', 'tom'],
      ]);
      expect(tickets[0]?.profile).toBe('');
      expect(await subject.work.tasks(everything)).toMatchObject([
        { description: '', customerId: '', subject: 'late-order' },
      ]);
      expect(await subject.work.tickets({ ...everything, phone: MAYA })).toEqual([]);
    });

    it('removes activities, added lines and news about the customer, and lets nothing be added any more', async () => {
      const subject = await full();
      const [{ id = '' } = {}] = await subject.work.tickets({ ...everything, customerId: 'maya' });
      const added = { lastMessageId: 'm9', lines: ['line three'], mode: 'text' as const };
      await subject.work.appendTranscript(id, added);
      const call = { kind: 'call', body: 'Rang.', at: at(1) };
      await subject.activities.log({ ...call, dedupeKey: 'a1', contact: contact(MAYA) });
      await subject.activities.log({ ...call, dedupeKey: 'a2', contact: contact(OTHER) });
      expect(await erase(subject)).toMatchObject({ 'crm.activities': ['deleted', 1], 'crm.changes': ['deleted', 1] });
      expect(await subject.activities.list(contact(MAYA), 10)).toEqual([]);
      expect(await subject.activities.list(contact(OTHER), 10)).toHaveLength(1);
      expect((await subject.work.tickets(everything)).map(({ transcript }) => transcript)).toEqual([
        '',
        'line one\nline two',
      ]);
      const late = subject.work.appendTranscript(id, { ...added, lastMessageId: 'm10' });
      await expect(late).rejects.toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'TICKET.ERASED' });
    });

    it('removes the leads of whoever is erased, and nobody else', async () => {
      const subject = await full();
      const lead = { name: 'Maya', interest: 'lamps' };
      await subject.work.createLead({ ...lead, key: 'l1', phone: MAYA });
      await subject.work.createLead({ ...lead, key: 'l2', phone: OTHER });
      expect(await erase(subject)).toMatchObject({ 'crm.leads': ['deleted', 1] });
      expect(await erase(subject)).toEqual({});
    });

    it('leaves everybody else as they were, and removes nothing more the second time', async () => {
      const subject = await full();
      await erase(subject, ['maya']);
      expect(await erase(subject, ['maya'])).toEqual({});
      expect(await subject.customers.find([lookup({ phone: OTHER })])).toMatchObject([[{ id: 'tom' }]]);
      expect(await subject.conversations.list(contact(OTHER), 10)).toHaveLength(1);
    });

    it('keeps an opt-out in force for whoever has the number, and no grant', async () => {
      const subject = await full();
      const said = { contact: contact(MAYA), evidenceRef: 'wamid.1', at: at(0) };
      await subject.customers.setConsent({ ...said, purpose: 'all', granted: false });
      await erase(subject);
      await subject.customers.load([customer('new', { phone: MAYA })]);
      expect(await subject.customers.find([lookup({ phone: MAYA })])).toMatchObject([[{ whatsappMarketing: false }]]);
      const other = await full();
      await other.customers.setConsent({ ...said, purpose: 'all', granted: true });
      await erase(other);
      await other.customers.load([customer('new', { phone: MAYA })]);
      const [[found] = []] = await other.customers.find([lookup({ phone: MAYA })]);
      expect(found?.whatsappMarketing).toBeUndefined();
    });

    it('takes nothing over that happened before, and everything that happens later', async () => {
      const subject = await full();
      await erase(subject);
      await subject.journal.conversation(
        [
          { eventId: 'e1', at: at(30), entry: entry('m3', { at: at(30) }) },
          { eventId: 'e2', at: at(30), ticket: ticket('k4') },
          { eventId: 'e3', at: at(61), entry: entry('m4', { at: at(61) }) },
          { eventId: 'e4', at: at(61), task: task('k5') },
        ],
        receipt,
      );
      const lines = await subject.conversations.list(contact(MAYA), 10);
      expect(lines.map(({ messageId }) => messageId)).toEqual(['m4']);
      expect(await subject.work.tickets({ ...everything, phone: MAYA })).toEqual([]);
      expect(await subject.work.tasks({ ...everything, phone: MAYA })).toHaveLength(1);
    });
  });
}
