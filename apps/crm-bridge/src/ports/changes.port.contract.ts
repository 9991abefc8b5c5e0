import { eventually, FakeClock } from '@parley/testing';
import type { Change } from '../domain/change.js';
import { customer, MAYA, START, task, ticket, type MakeSubject, type Subject } from './subject.contract.js';

/** What every adapter of `Changes` keeps. */
export function describeChanges(name: string, make: MakeSubject): void {
  const poll = async (
    { changes }: Subject,
    cursor: string,
    count: number,
  ): Promise<{ seen: Change[]; cursor: string }> => {
    const seen: Change[] = [];
    let next = cursor;
    // A change shows once every transaction that began before it is over, also those of others on the same server.
    await eventually(async () => {
      const page = await changes.poll(next, 2);
      seen.push(...page.changes);
      next = page.cursor;
      expect(seen.length).toBeGreaterThanOrEqual(count);
    });
    return { seen, cursor: next };
  };
  const words = (seen: readonly Change[]): string[] => seen.map(({ kind, id }) => `${kind} ${id}`);

  describe(`${name} changes`, () => {
    it('tells of customers, tickets and tasks page by page, and of nothing twice', async () => {
      const subject = await make(new FakeClock(START));
      await subject.customers.load([customer('a', { phone: MAYA })]);
      const { id } = await subject.work.openTicket(ticket('k1'));
      const made = await subject.work.createTask(task('k2'));
      const first = await poll(subject, '', 3);
      expect(words(first.seen)).toEqual(['customer a', `ticket ${id}`, `task ${made.id}`]);
      expect(await subject.changes.poll(first.cursor, 10)).toEqual({ changes: [], cursor: first.cursor });
      await subject.work.setTicketStatus(id, 'solved', 'k3');
      await subject.work.setTicketStatus(id, 'solved', 'k3');
      await subject.customers.load([customer('a', { phone: MAYA })]);
      await subject.customers.upsert(customer('a', { tier: 'gold' }), 'k4');
      expect(words((await poll(subject, first.cursor, 2)).seen)).toEqual([`ticket ${id}`, 'customer a']);
    });

    it('refuses a cursor that it never gave out', async () => {
      const { changes } = await make(new FakeClock(START));
      for (const cursor of ['x', '1', '1.2.3', '-1.0', '1.99999999999999999999']) {
        await expect(changes.poll(cursor, 10)).rejects.toMatchObject({ reason: 'REQUEST.INVALID' });
      }
    });
  });
}
