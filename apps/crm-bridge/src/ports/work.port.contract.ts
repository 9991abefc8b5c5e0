import { FakeClock } from '@parley/testing';
import type { WorkFilter } from '../domain/work.js';
import { contact, customer, MAYA, START, task, ticket, type MakeSubject } from './subject.contract.js';

const filter = (over: Partial<WorkFilter> = {}): WorkFilter => ({
  ...{ customerId: '', phone: '', whatsappUserId: '', status: '' },
  ...over,
});

/** What every adapter of `Work` keeps. */
export function describeWork(name: string, make: MakeSubject): void {
  const empty = () => make(new FakeClock(START));

  describe(`${name} work`, () => {
    it('opens one ticket per key, with all it was given', async () => {
      const { work } = await empty();
      const opened = await work.openTicket(ticket('k1', { customerId: 'a' }));
      const { key: _key, contact: _contact, ...given } = ticket('k1', { customerId: 'a' });
      expect(opened).toEqual({ ...given, id: opened.id, status: 'open', createdAt: new Date(START) });
      expect(await work.openTicket(ticket('k1', { customerId: 'a' }))).toEqual(opened);
      expect(await work.tickets(filter())).toEqual([opened]);
      const other = work.openTicket(ticket('k1', { team: 'sales' }));
      await expect(other).rejects.toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'IDEMPOTENCY.KEY_REUSED' });
    });

    it('changes the status of a ticket once per key', async () => {
      const { work } = await empty();
      const { id } = await work.openTicket(ticket('k1'));
      expect((await work.setTicketStatus(id, 'solved', 'k2')).status).toBe('solved');
      await work.setTicketStatus(id, 'open', 'k3');
      expect((await work.setTicketStatus(id, 'solved', 'k2')).status).toBe('open');
      await expect(work.setTicketStatus('none', 'open', 'k4')).rejects.toMatchObject({ reason: 'TICKET.NOT_FOUND' });
    });

    it('adds lines to a transcript once by the last message, in their order', async () => {
      const { work } = await empty();
      const { id } = await work.openTicket(ticket('k1'));
      await work.openTicket(ticket('k2'));
      const first = { lastMessageId: 'm2', lines: ['line three', 'line four'], mode: 'text' as const };
      await work.appendTranscript(id, first);
      await work.appendTranscript(id, { ...first, lastMessageId: 'm3', lines: ['line five'] });
      const again = await work.appendTranscript(id, { ...first, lines: ['something else'] });
      expect(again.transcript).toBe('line one\nline two\nline three\nline four\nline five');
      const transcripts = (await work.tickets(filter())).map(({ transcript }) => transcript);
      expect(transcripts).toEqual([again.transcript, 'line one\nline two']);
      await expect(work.appendTranscript('none', first)).rejects.toMatchObject({ reason: 'TICKET.NOT_FOUND' });
    });

    it('lists tickets by customer, phone and status, oldest first', async () => {
      const { work, customers } = await empty();
      await customers.load([customer('a', { phone: MAYA })]);
      await work.openTicket(ticket('k1'));
      await work.openTicket(ticket('k2', { customerId: 'a', contact: contact('', 'US.1') }));
      const { id } = await work.openTicket(ticket('k3', { contact: contact('+34600100102') }));
      await work.setTicketStatus(id, 'solved', 'k4');
      const conversations = async (over: Partial<WorkFilter>): Promise<number> =>
        (await work.tickets(filter(over))).length;
      expect(await conversations({ phone: '12125550101' })).toBe(2);
      expect(await conversations({ customerId: 'a' })).toBe(1);
      expect(await conversations({ status: 'open' })).toBe(2);
      expect(await conversations({ status: 'solved', phone: MAYA })).toBe(0);
    });

    it('lists by user id what is about somebody whose number is hidden', async () => {
      const { work, customers } = await empty();
      await customers.load([customer('a', { phone: MAYA, whatsappUserId: 'US.1' })]);
      const hidden = contact('', 'US.1');
      await work.openTicket(ticket('k1', { contact: hidden, reason: 'hidden' }));
      await work.openTicket(ticket('k2', { customerId: 'a', contact: contact(''), reason: 'owned' }));
      await work.openTicket(ticket('k3', { reason: 'by phone' }));
      await work.openTicket(ticket('k4', { contact: contact('', 'US.2'), reason: 'other' }));
      await work.createTask(task('k5', { contact: hidden }));
      await work.createTask(task('k6', { contact: contact('', 'US.2') }));
      const reasons = async (over: Partial<WorkFilter>): Promise<string[]> =>
        (await work.tickets(filter(over))).map(({ reason }) => reason);
      expect(await reasons({ whatsappUserId: 'US.1' })).toEqual(['hidden', 'owned']);
      expect(await reasons({ whatsappUserId: 'US.1', phone: MAYA })).toEqual(['hidden', 'owned', 'by phone']);
      expect(await reasons({ whatsappUserId: 'US.1', status: 'solved' })).toEqual([]);
      expect(await reasons({ whatsappUserId: 'US.9' })).toEqual([]);
      expect(await work.tasks(filter({ whatsappUserId: 'US.1' }))).toHaveLength(1);
    });

    it('makes one task per key and lists it', async () => {
      const { work } = await empty();
      const made = await work.createTask(task('k1', { customerId: 'a' }));
      const { key: _key, contact: _contact, ...given } = task('k1', { customerId: 'a' });
      expect(made).toEqual({ ...given, id: made.id, status: 'open', createdAt: new Date(START) });
      expect(await work.createTask(task('k1', { customerId: 'a' }))).toEqual(made);
      await work.createTask(task('k2', { contact: contact('+34600100102'), dueAt: undefined }));
      expect(await work.tasks(filter({ phone: MAYA }))).toEqual([made]);
      expect(await work.tasks(filter({ status: 'open' }))).toHaveLength(2);
      expect(await work.tasks(filter({ status: 'done' }))).toEqual([]);
      await expect(work.createTask(task('k1'))).rejects.toMatchObject({ reason: 'IDEMPOTENCY.KEY_REUSED' });
    });

    it('makes one lead per key', async () => {
      const { work } = await empty();
      const lead = { key: 'k1', name: 'Zoe', phone: '', interest: 'lamps' };
      const id = await work.createLead(lead);
      expect(await work.createLead(lead)).toBe(id);
      expect(await work.createLead({ ...lead, key: 'k2' })).not.toBe(id);
      await expect(work.createLead({ ...lead, name: 'Zed' })).rejects.toMatchObject({
        reason: 'IDEMPOTENCY.KEY_REUSED',
      });
    });
  });
}
