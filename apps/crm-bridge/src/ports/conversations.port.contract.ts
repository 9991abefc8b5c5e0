import { FakeClock } from '@parley/testing';
import { at, contact, customer, entry, MAYA, START, type MakeSubject } from './subject.contract.js';

/** What every adapter of `Conversations` keeps. */
export function describeConversations(name: string, make: MakeSubject): void {
  describe(`${name} conversations`, () => {
    it('writes a line once, and lists oldest first', async () => {
      const { conversations } = await make(new FakeClock(START));
      const reply = entry('send-1', { direction: 'outbound', author: 'bot', at: at(1), wamid: 'wamid.2' });
      expect(await conversations.log([reply, entry('wamid.1'), entry('wamid.1')])).toBe(2);
      expect(await conversations.log([entry('wamid.1', { text: 'other' }), entry('wamid.3', { at: at(2) })])).toBe(1);
      const lines = await conversations.list(contact('12125550101'), 10);
      expect(lines.map(({ messageId, wamid, text }) => [messageId, wamid, text])).toEqual([
        ['wamid.1', 'wamid.1', 'Text of wamid.1'],
        ['send-1', 'wamid.2', 'Text of send-1'],
        ['wamid.3', 'wamid.3', 'Text of wamid.3'],
      ]);
    });

    it('lists the latest up to the limit, of this contact only', async () => {
      const { conversations } = await make(new FakeClock(START));
      const mine = [1, 2, 3].map((n) => entry(`m${n}`, { at: at(n) }));
      await conversations.log([...mine, entry('other', { contact: contact('+34600100102') })]);
      const lines = await conversations.list(contact(MAYA), 2);
      expect(lines.map(({ messageId }) => messageId)).toEqual(['m2', 'm3']);
      expect(await conversations.list(contact('', 'US.9'), 10)).toEqual([]);
    });

    it('keeps the order of lines of one second', async () => {
      const { conversations } = await make(new FakeClock(START));
      await conversations.log([entry('b'), entry('a')]);
      await conversations.log([entry('c')]);
      const lines = await conversations.list(contact(MAYA), 10);
      expect(lines.map(({ messageId }) => messageId)).toEqual(['b', 'a', 'c']);
    });

    it('matches the customer by contact, and one who is loaded later too', async () => {
      const { conversations, customers } = await make(new FakeClock(START));
      await customers.load([customer('a', { phone: MAYA })]);
      const late = contact('+34600100102');
      await conversations.log([entry('m1'), entry('m2', { customerId: 'named' }), entry('m3', { contact: late })]);
      const ids = async (phone: string): Promise<string[]> =>
        (await conversations.list(contact(phone), 10)).map(({ customerId }) => customerId);
      expect(await ids(MAYA)).toEqual(['a', 'named']);
      expect(await ids('+34600100102')).toEqual(['']);
      await customers.load([customer('b', { phone: '+34600100102' })]);
      expect(await ids('+34600100102')).toEqual(['b']);
    });

    it('matches nobody when several share the number', async () => {
      const { conversations, customers } = await make(new FakeClock(START));
      await customers.load([customer('a', { phone: MAYA }), customer('b', { phone: MAYA })]);
      await conversations.log([entry('m1')]);
      expect((await conversations.list(contact(MAYA), 10))[0]?.customerId).toBe('');
    });

    it('lists by phone what was said when only the user id was known', async () => {
      const { conversations, customers } = await make(new FakeClock(START));
      await customers.load([customer('a', { phone: MAYA, whatsappUserId: 'US.1' })]);
      await conversations.log([entry('m1', { contact: contact('', 'US.1') })]);
      const lines = await conversations.list(contact(MAYA), 10);
      expect(lines).toMatchObject([{ messageId: 'm1', customerId: 'a' }]);
    });
  });
}
