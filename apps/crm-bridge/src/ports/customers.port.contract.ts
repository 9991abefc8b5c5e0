import { FakeClock } from '@parley/testing';
import type { CustomerData } from '../domain/customer.js';
import { at, contact, customer, lookup, MAYA, START, type MakeSubject, type Subject } from './subject.contract.js';
import type { Lookup } from './customers.port.js';

/** What every adapter of `Customers` keeps. */
export function describeCustomers(name: string, make: MakeSubject): void {
  const withCustomers = async (...rows: CustomerData[]): Promise<Subject> => {
    const subject = await make(new FakeClock(START));
    await subject.customers.load(rows);
    return subject;
  };
  const idsOf = async ({ customers }: Subject, ...lookups: Partial<Lookup>[]): Promise<string[][]> => {
    return (await customers.find(lookups.map(lookup))).map((found) => found.map(({ id }) => id));
  };

  describe(`${name} customers: finding`, () => {
    it('answers look-ups in their order, with all that is known', async () => {
      const notes = [{ at: at(0), text: 'Rings twice.' }];
      const lifetimeValue = { amount: '10.50', currency: 'EUR' };
      const maya = customer('maya', { phone: MAYA, email: 'Maya@Example.com', notes, lifetimeValue, tags: ['a'] });
      const subject = await withCustomers(maya, customer('bsuid', { whatsappUserId: 'US.1' }));
      const found = await subject.customers.find(
        [{ id: 'nobody' }, { phone: '12125550101' }, { whatsappUserId: 'US.1' }, {}].map(lookup),
      );
      expect(found.map((one) => one.map(({ id }) => id))).toEqual([[], ['maya'], ['bsuid'], []]);
      expect(found[1]).toEqual([maya]);
    });

    it('knows a number in all ways it is written', async () => {
      const subject = await withCustomers(
        customer('br', { phone: '+5511990100103' }),
        customer('mx', { phone: '+525512345678' }),
        customer('ar', { phone: '+541123456789' }),
      );
      const written = ['551190100103', '+52 1 55 1234 5678', '5491123456789'].map((phone) => ({ phone }));
      expect(await idsOf(subject, ...written)).toEqual([['br'], ['mx'], ['ar']]);
    });

    it('finds all who share a number, the one who has it written so first, and picks none', async () => {
      const subject = await withCustomers(
        customer('a', { phone: '+5215512345678' }),
        customer('b', { phone: '+525512345678' }),
      );
      expect(await idsOf(subject, { phone: '+525512345678' }, { phone: '5215512345678' })).toEqual([
        ['b', 'a'],
        ['a', 'b'],
      ]);
    });

    it('takes the user id before the phone, and the phone when the user id is unknown', async () => {
      const subject = await withCustomers(
        customer('a', { phone: MAYA }),
        customer('b', { whatsappUserId: 'US.1' }),
        customer('c', { phone: '+34600100102', whatsappUserId: 'US.2' }),
      );
      expect(
        await idsOf(
          subject,
          { phone: MAYA, whatsappUserId: 'US.1' },
          { phone: MAYA, whatsappUserId: 'US.9' },
          { phone: '34600100102', whatsappUserId: 'US.2' },
        ),
      ).toEqual([['b'], ['a'], ['c']]);
    });

    it('lets an id or an address decide alone', async () => {
      const subject = await withCustomers(customer('a', { phone: MAYA, email: 'a@example.com' }));
      expect(
        await idsOf(
          subject,
          { id: 'nobody', phone: MAYA },
          { email: 'A@EXAMPLE.com' },
          { phone: '+4915550100152', email: 'a@example.com' },
        ),
      ).toEqual([[], ['a'], []]);
    });
  });

  describeWriting(name, make);
  describeConsent(name, make);
}

function describeWriting(name: string, make: MakeSubject): void {
  describe(`${name} customers: writing`, () => {
    it('loads rows once: the same again changes nothing', async () => {
      const { customers } = await make(new FakeClock(START));
      const rows = [customer('a', { phone: MAYA }), customer('b')];
      expect(await customers.load(rows)).toEqual({ written: 2, unchanged: 0 });
      expect(await customers.load(rows)).toEqual({ written: 0, unchanged: 2 });
      expect(await customers.load([customer('b', { tier: 'gold' })])).toEqual({ written: 1, unchanged: 0 });
    });

    it('forgets the number a customer had before', async () => {
      const { customers } = await make(new FakeClock(START));
      await customers.load([customer('a', { phone: MAYA })]);
      await customers.load([customer('a', { phone: '+34600100102' })]);
      const found = await customers.find([lookup({ phone: MAYA }), lookup({ phone: '34600100102' })]);
      expect(found.map((one) => one.length)).toEqual([0, 1]);
    });

    it('creates once per key, and changes only what is given', async () => {
      const { customers } = await make(new FakeClock(START));
      const made = await customers.upsert(customer('', { name: 'Maya', phone: MAYA, tags: ['a'] }), 'k1');
      expect(made).toMatchObject({ name: 'Maya', phone: MAYA });
      expect(await customers.upsert(customer('', { name: 'Maya', phone: MAYA, tags: ['a'] }), 'k1')).toEqual(made);
      const patch = customer(made.id, { name: '', tier: 'gold' });
      expect(await customers.upsert(patch, 'k2')).toMatchObject({
        name: 'Maya',
        phone: MAYA,
        tags: ['a'],
        tier: 'gold',
      });
      await expect(customers.upsert(patch, 'k1')).rejects.toMatchObject({ reason: 'IDEMPOTENCY.KEY_REUSED' });
      await expect(customers.upsert(patch, '')).rejects.toMatchObject({ reason: 'IDEMPOTENCY.KEY_MISSING' });
      const nobody = customers.upsert(customer('nobody'), 'k3');
      await expect(nobody).rejects.toMatchObject({ code: 'NOT_FOUND', reason: 'CUSTOMER.NOT_FOUND' });
    });

    it('undoes no change when the same row is loaded again', async () => {
      const { customers } = await make(new FakeClock(START));
      await customers.load([customer('a')]);
      await customers.upsert(customer('a', { tier: 'gold' }), 'k1');
      await customers.load([customer('a')]);
      expect((await customers.find([lookup({ id: 'a' })]))[0]?.[0]?.tier).toBe('gold');
    });

    it('says what a customer is worth', async () => {
      const { customers } = await make(new FakeClock(START));
      const lifetimeValue = { amount: '10.50', currency: 'EUR' };
      await customers.load([customer('a', { lifetimeValue })]);
      expect(await customers.value('a')).toMatchObject({ total: lifetimeValue, source: 'built-in' });
      await expect(customers.value('b')).rejects.toMatchObject({ reason: 'CUSTOMER.NOT_FOUND' });
    });
  });
}

function describeConsent(name: string, make: MakeSubject): void {
  const said = (granted: boolean, second: number, who = contact(MAYA), purpose = 'marketing') => {
    return { contact: who, purpose, granted, at: at(second), evidenceRef: 'wamid' };
  };
  const flagOf = async ({ customers }: Subject, id: string): Promise<boolean | undefined> => {
    return (await customers.find([lookup({ id })]))[0]?.[0]?.whatsappMarketing;
  };

  describe(`${name} customers: consent`, () => {
    it('has a flag once something was said, and keeps what was said last', async () => {
      const subject = await make(new FakeClock(START));
      await subject.customers.load([customer('a', { phone: MAYA })]);
      expect(await flagOf(subject, 'a')).toBeUndefined();
      expect(await subject.customers.setConsent(said(false, 10))).toBe(1);
      expect(await subject.customers.setConsent(said(true, 9))).toBe(0);
      expect(await subject.customers.setConsent(said(true, 10))).toBe(0);
      expect(await flagOf(subject, 'a')).toBe(false);
      expect(await subject.customers.setConsent(said(true, 11))).toBe(1);
      expect(await flagOf(subject, 'a')).toBe(true);
      await subject.customers.setConsent(said(false, 12, contact(MAYA), 'all'));
      expect(await flagOf(subject, 'a')).toBe(false);
    });

    it('tells what was said last about a purpose, by any identity of the contact', async () => {
      const { customers } = await make(new FakeClock(START));
      await customers.setConsent({ ...said(true, 1), evidenceRef: 'w1' });
      await customers.setConsent({ ...said(false, 2, contact('', 'US.1')), evidenceRef: 'w2' });
      const both = contact('12125550101', 'US.1');
      expect(await customers.consent(contact(MAYA), 'marketing')).toEqual({
        granted: true,
        at: at(1),
        evidenceRef: 'w1',
      });
      expect(await customers.consent(both, 'marketing')).toEqual({ granted: false, at: at(2), evidenceRef: 'w2' });
      expect(await customers.consent(both, 'utility')).toBeUndefined();
      expect(await customers.consent(contact(''), 'marketing')).toBeUndefined();
    });

    it('remembers what was said for a customer who is loaded later', async () => {
      const subject = await make(new FakeClock(START));
      expect(await subject.customers.setConsent(said(false, 1, contact('', 'US.1')))).toBe(0);
      await subject.customers.load([customer('a', { whatsappUserId: 'US.1' })]);
      expect(await flagOf(subject, 'a')).toBe(false);
    });
  });
}
