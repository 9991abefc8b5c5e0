import { noRecords } from '../domain/records.js';
import { eur, order, withOrders, type MakeSubject, type Subject } from './subject.contract.js';

const invoice = {
  number: 'INV-7',
  orderNumber: '1250',
  customerId: 'ann',
  total: eur('25.00'),
  status: 'open' as const,
  dueOn: '2026-12-01',
};

/** What every adapter of `Billing` keeps. The subject has a payment page at `https://pay.example.com/p`. */
export function describeBilling(name: string, make: MakeSubject): void {
  const billed = async (): Promise<Subject> => {
    const subject = await withOrders(make, [order('1250', 'ann'), order('1251', 'ann', { lines: [] })]);
    const paid = { ...invoice, number: 'INV-8', orderNumber: '', status: 'paid' as const };
    await subject.records.write({ ...noRecords(), invoices: [invoice, paid] });
    return subject;
  };

  describe(`${name} billing`, () => {
    it('shows an invoice to its customer only', async () => {
      const { billing } = await billed();
      expect(await billing.invoice('inv-7', ['bob', 'ann'])).toEqual(invoice);
      const refused = { code: 'NOT_FOUND', reason: 'INVOICE.NOT_FOUND' };
      await expect(billing.invoice('INV-7', ['bob'])).rejects.toMatchObject(refused);
      await expect(billing.invoice('INV-9', ['ann'])).rejects.toMatchObject(refused);
    });

    it('writes an invoice for an order once per key', async () => {
      const { billing } = await billed();
      const made = await billing.createInvoice('#1250', 'k1');
      const total = { amount: '25.00', currency: 'EUR' };
      expect(made).toMatchObject({
        orderNumber: '1250',
        customerId: 'ann',
        total,
        status: 'open',
        dueOn: '2026-12-06',
      });
      expect(await billing.createInvoice('#1250', 'k1')).toEqual(made);
      expect(await billing.invoice(made.number, ['ann'])).toEqual(made);
      await expect(billing.createInvoice('9999', 'k2')).rejects.toMatchObject({ reason: 'ORDER.NOT_FOUND' });
      await expect(billing.createInvoice('1251', 'k3')).rejects.toMatchObject({ reason: 'ORDER.NO_TOTAL' });
    });

    it('gives an address to pay at, the same for the same key, for what can be paid', async () => {
      const { billing } = await billed();
      const link = await billing.createPaymentLink('INV-7', 'k1');
      expect(link.url).toMatch(/^https:\/\/pay\.example\.com\/p\/.+/);
      expect(link.expiresAt).toEqual(new Date('2026-11-23T10:00:00Z'));
      expect(await billing.createPaymentLink('INV-7', 'k1')).toEqual(link);
      expect((await billing.createPaymentLink('INV-7', 'k2')).url).not.toBe(link.url);
      await expect(billing.createPaymentLink('INV-8', 'k3')).rejects.toMatchObject({ reason: 'INVOICE.NOT_PAYABLE' });
      await expect(billing.createPaymentLink('INV-9', 'k4')).rejects.toMatchObject({ reason: 'INVOICE.NOT_FOUND' });
    });

    it('gives back no more than was paid for the order, and once per key', async () => {
      const { billing } = await billed();
      const part = await billing.refund('1250', eur('10.10'), 'k1');
      expect(await billing.refund('1250', eur('10.10'), 'k1')).toEqual(part);
      await expect(billing.refund('1250', eur('14.91'), 'k2')).rejects.toMatchObject({ reason: 'REFUND.TOO_MUCH' });
      const dollars = { amount: '1.00', currency: 'USD' };
      await expect(billing.refund('1250', dollars, 'k3')).rejects.toMatchObject({ reason: 'REFUND.TOO_MUCH' });
      expect((await billing.refund('1250', undefined, 'k4')).amount).toEqual(eur('14.90'));
      await expect(billing.refund('1250', undefined, 'k5')).rejects.toMatchObject({ reason: 'REFUND.TOO_MUCH' });
    });
  });
}
