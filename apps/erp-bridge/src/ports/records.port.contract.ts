import { FakeClock } from '@parley/testing';
import { noRecords, type ErpRecords } from '../domain/records.js';
import { eur, order, product, START, type MakeSubject } from './subject.contract.js';

const whole = (): ErpRecords => ({
  products: [product('A-1'), product('B-2')],
  orders: [order('1250', 'ann'), order('SO-77', 'bob', { status: 'confirmed' })],
  invoices: [
    { number: 'I-1', orderNumber: '#1250', customerId: 'ann', total: eur('25'), status: 'open', dueOn: '2026-12-01' },
  ],
  technicians: [{ id: 't1', name: 'Grace', phone: '+12125550151', skills: ['lighting'] }],
  workOrders: [
    {
      number: 'W-1',
      title: 'Repair',
      site: 'Berlin',
      technicianId: 't1',
      status: 'open',
      scheduledAt: new Date('2026-11-25T08:00:00Z'),
      priority: 'high',
    },
  ],
});

/** What every adapter of `Records` keeps. */
export function describeRecords(name: string, make: MakeSubject): void {
  const empty = () => make(new FakeClock(START));

  describe(`${name} records`, () => {
    it('writes rows once: the same again changes nothing', async () => {
      const { records, facts } = await empty();
      expect(await records.write(whole())).toEqual({ written: 7, unchanged: 0 });
      expect(await records.write(whole())).toEqual({ written: 0, unchanged: 7 });
      expect(await facts()).toEqual([]);
    });

    it('replaces a row by its number, however it is written', async () => {
      const { records, orders } = await empty();
      await records.write(whole());
      const changed = { ...noRecords(), orders: [order('so-77', 'bob', { status: 'confirmed', lines: [] })] };
      expect(await records.write(changed)).toEqual({ written: 1, unchanged: 0 });
      const found = await orders.find([{ number: 'SO-77', customerIds: ['bob'] }]);
      expect(found[0]).toMatchObject({ number: 'so-77', lines: [] });
    });

    it('undoes nothing that has happened since the same row was loaded', async () => {
      const { records, orders } = await empty();
      await records.write(whole());
      const request = { number: '1250', customerIds: ['ann'] };
      await orders.cancel({ ...request, reason: '', idempotencyKey: 'k1' });
      await records.write(whole());
      expect((await orders.find([request]))[0]?.status).toBe('cancelled');
    });

    it('tells of a status that has changed on a row that was there', async () => {
      const { records, facts } = await empty();
      const data = whole();
      await records.write(data);
      const [invoice] = data.invoices;
      const [workOrder] = data.workOrders;
      await records.write({
        ...noRecords(),
        orders: [order('1250', 'ann', { status: 'shipped' }), order('2000', 'ann', { status: 'shipped' })],
        invoices: invoice ? [{ ...invoice, status: 'paid' }] : [],
        workOrders: workOrder ? [{ ...workOrder, status: 'assigned' }] : [],
      });
      expect((await facts()).map(({ kind, number }) => `${kind} ${number}`).sort()).toEqual([
        'invoice_paid I-1',
        'order_shipped 1250',
        'work_order_assigned W-1',
      ]);
    });

    it('names rows that refer to nothing, and writes nothing at all', async () => {
      const { records, orders } = await empty();
      const data = whole();
      const bad = { ...data, products: data.products.slice(1), technicians: [] };
      const refused = await records.write(bad).then(
        () => undefined,
        (error: { reason: string; details: Record<string, string> }) => error,
      );
      expect(refused).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'IMPORT.REFUSED' });
      expect(JSON.parse(refused?.details['problems'] ?? '')).toEqual([
        { row: 1, field: 'lines[0].sku', message: 'no such product' },
        { row: 2, field: 'lines[0].sku', message: 'no such product' },
        { row: 1, field: 'technician_id', message: 'no such technician' },
      ]);
      expect(await orders.find([{ number: '1250', customerIds: ['ann'] }])).toEqual([undefined]);
      expect(await records.write(data)).toEqual({ written: 7, unchanged: 0 });
    });
  });
}
