import { FakeClock } from '@parley/testing';
import { OPERATIONS, type Operation } from '../domain/capabilities.js';
import { at, contact, customer, entry, lookup, MAYA, START, task, ticket } from './subject.contract.js';
import type { MakeSubject, Subject } from './subject.contract.js';

const consent = { contact: contact(MAYA), purpose: 'marketing', granted: true, at: at(0), evidenceRef: 'w' };
const call = { contact: contact(MAYA), kind: 'call', body: 'Rang.', at: at(0), dedupeKey: 'a1' };
const addition = { lastMessageId: 'm1', lines: ['line three'], mode: 'text' as const };
const lead = { key: 'l1', name: 'Zoe', phone: '', interest: 'lamps' };
const anything = { ...contact(''), customerId: '', status: '' };

/** Every operation once, of a CRM with the customer `a` and the ticket `id`. */
const CALLS: Record<Operation, (subject: Subject, id: string) => Promise<unknown>> = {
  findCustomers: ({ customers }) => customers.find([lookup({ id: 'a' })]),
  upsertCustomer: ({ customers }) => customers.upsert(customer('a', { tier: 'gold' }), 'k1'),
  importCustomers: ({ customers }) => customers.load([customer('b')]),
  getCustomerValue: ({ customers }) => customers.value('a'),
  setConsent: ({ customers }) => customers.setConsent(consent),
  getConsent: ({ customers }) => customers.consent(contact(MAYA), 'marketing'),
  logConversation: ({ conversations }) => conversations.log([entry('m1')]),
  logActivity: ({ activities }) => activities.log(call),
  createTicket: ({ work }) => work.openTicket(ticket('k2')),
  appendTranscript: ({ work }, id) => work.appendTranscript(id, addition),
  updateTicketStatus: ({ work }, id) => work.setTicketStatus(id, 'solved', 'k3'),
  listTickets: ({ work }) => work.tickets(anything),
  createTask: ({ work }) => work.createTask(task('k4')),
  listTasks: ({ work }) => work.tasks(anything),
  createLead: ({ work }) => work.createLead(lead),
  pollChanges: ({ changes }) => changes.poll('', 10),
  eraseContacts: ({ erasure }) => erasure.erase([{ identities: [], customerIds: ['b'], erasedAt: at(1) }]),
};

/** What every adapter of `Connector` keeps. */
export function describeConnector(name: string, make: MakeSubject): void {
  describe(`${name} connector`, () => {
    it('says of every operation how it does it', async () => {
      const said = (await make(new FakeClock(START))).connector.capabilities();
      expect(Object.keys(said).sort()).toEqual([...OPERATIONS].sort());
      expect(Object.values(said).every((how) => ['native', 'emulated', 'unsupported'].includes(how))).toBe(true);
    });

    it.each(OPERATIONS)('does %s, or fails as it said it would', async (operation) => {
      const subject = await make(new FakeClock(START));
      await subject.customers.load([customer('a', { phone: MAYA })]);
      const { id } = await subject.work.openTicket(ticket('k0'));
      const [outcome] = await Promise.allSettled([CALLS[operation](subject, id)]);
      if (subject.connector.capabilities()[operation] === 'unsupported') {
        const reason: unknown = expect.objectContaining({ code: 'UNIMPLEMENTED', reason: 'CONNECTOR.UNSUPPORTED' });
        expect(outcome).toEqual({ status: 'rejected', reason });
      } else expect(outcome).toMatchObject({ status: 'fulfilled' });
    });
  });
}
