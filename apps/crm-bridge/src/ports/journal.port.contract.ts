import { FakeClock } from '@parley/testing';
import type { Receipt } from './journal.port.js';
import {
  at,
  contact,
  customer,
  entry,
  lookup,
  MAYA,
  START,
  task,
  ticket,
  type MakeSubject,
} from './subject.contract.js';

const everything = { customerId: '', phone: '', whatsappUserId: '', status: '' };

/** What every adapter of `Journal` keeps. */
export function describeJournal(name: string, make: MakeSubject): void {
  const receipt: Receipt = { commitIn: async () => undefined };
  const reply = entry('send-1', { direction: 'outbound', author: 'bot', at: at(1) });
  const facts = [
    { eventId: 'e1', entry: entry('wamid.1') },
    { eventId: 'e2', entry: reply },
    { eventId: 'e3', delivery: { sendId: 'send-1', wamid: 'wamid.2' } },
    { eventId: 'e4', ticket: ticket('h1') },
    { eventId: 'e5', task: task('t1') },
    { eventId: 'e6' },
  ];

  describe(`${name} journal`, () => {
    it('takes over lines, wamids, tickets and tasks, each event once', async () => {
      const { journal, conversations, work } = await make(new FakeClock(START));
      await journal.conversation(facts.slice(0, 3), receipt);
      await journal.conversation([...facts, ...facts], receipt);
      await journal.conversation(facts, receipt);
      const lines = await conversations.list(contact(MAYA), 10);
      expect(lines.map(({ messageId, wamid }) => [messageId, wamid])).toEqual([
        ['wamid.1', 'wamid.1'],
        ['send-1', 'wamid.2'],
      ]);
      expect(await work.tickets(everything)).toHaveLength(1);
      expect(await work.tasks(everything)).toHaveLength(1);
    });

    it('opens one ticket per hand-off, also when it comes as another event or by a call', async () => {
      const { journal, work } = await make(new FakeClock(START));
      await journal.conversation([{ eventId: 'e1', ticket: ticket('h1') }], receipt);
      await journal.conversation([{ eventId: 'e2', ticket: ticket('h1') }], receipt);
      await work.openTicket(ticket('h1'));
      expect(await work.tickets(everything)).toHaveLength(1);
    });

    it('knows a wamid that comes before its line', async () => {
      const { journal, conversations } = await make(new FakeClock(START));
      await journal.conversation([{ eventId: 'e1', delivery: { sendId: 'send-1', wamid: 'wamid.2' } }], receipt);
      expect(await conversations.list(contact(MAYA), 10)).toEqual([]);
      await journal.conversation([{ eventId: 'e2', entry: reply }], receipt);
      expect(await conversations.list(contact(MAYA), 10)).toMatchObject([{ wamid: 'wamid.2' }]);
    });

    it('sets flags to what was said last, in whatever order it arrives', async () => {
      const { journal, customers } = await make(new FakeClock(START));
      await customers.load([customer('a', { phone: MAYA })]);
      const said = (eventId: string, granted: boolean, second: number) => {
        return {
          eventId,
          change: { contact: contact(MAYA), purpose: 'all', granted, at: at(second), evidenceRef: '' },
        };
      };
      await journal.consent([said('e1', true, 1), said('e3', false, 3), said('e2', true, 2)], receipt);
      await journal.consent([said('e0', true, 0), said('e3', false, 3)], receipt);
      const [[found] = []] = await customers.find([lookup({ id: 'a' })]);
      expect(found?.whatsappMarketing).toBe(false);
    });
  });
}
