import { OPERATIONS } from '../domain/capabilities.js';
import { FakeClock } from '@parley/testing';
import { noRecords } from '../domain/records.js';
import { eur, order, START, withOrders, type MakeSubject } from './subject.contract.js';

/** What every adapter of `Connector` keeps. */
export function describeConnector(name: string, make: MakeSubject): void {
  const ref = (id: string) => ({ phone: '', email: '', ref: id });

  describe(`${name} connector`, () => {
    it('says of every operation how it does it', async () => {
      const { connector } = await make(new FakeClock(START));
      const said = connector.capabilities();
      expect(Object.keys(said).sort()).toEqual([...OPERATIONS].sort());
      expect(Object.values(said).every((how) => ['native', 'emulated', 'unsupported'].includes(how))).toBe(true);
    });

    it('finds those it has an order or an invoice for', async () => {
      const { connector, records } = await withOrders(make, [order('1250', 'ann'), order('1251', 'ann')]);
      const bill = { number: 'I-1', orderNumber: '', total: eur('1.00'), status: 'open' as const, dueOn: '2026-12-01' };
      await records.write({ ...noRecords(), invoices: [{ ...bill, customerId: 'bob' }] });
      expect(await connector.findCustomer(ref('ann'))).toEqual(['ann']);
      expect(await connector.findCustomer(ref('bob'))).toEqual(['bob']);
      expect(await connector.findCustomer(ref('zoe'))).toEqual([]);
      expect(await connector.findCustomer(ref(''))).toEqual([]);
    });

    it.each([{ phone: '+12125550101' }, { email: 'ann@example.com' }])('finds by %j, or says it cannot', async (by) => {
      const { connector } = await withOrders(make, [order('1250', 'ann')]);
      const [outcome] = await Promise.allSettled([connector.findCustomer({ ...ref('ann'), ...by })]);
      const cannot: unknown = expect.objectContaining({ code: 'UNIMPLEMENTED', reason: 'CONNECTOR.UNSUPPORTED' });
      if (outcome.status === 'rejected') expect(outcome.reason).toEqual(cannot);
      else expect(outcome.value).toEqual(expect.any(Array));
    });

    it('fails as it said it would', async () => {
      const { connector, billing } = await withOrders(make, [order('1250', 'ann')]);
      const made = await billing.createInvoice('1250', 'k1');
      const pdf = billing.invoicePdf(made.number, ['ann']);
      if (connector.capabilities().getInvoicePdf === 'unsupported') {
        await expect(pdf).rejects.toMatchObject({ code: 'UNIMPLEMENTED', reason: 'CONNECTOR.UNSUPPORTED' });
      } else expect((await pdf).mimeType).toBe('application/pdf');
    });
  });
}
