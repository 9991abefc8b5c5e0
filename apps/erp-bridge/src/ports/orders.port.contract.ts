import { order, withOrders, type MakeSubject } from './subject.contract.js';

const shipped = {
  carrier: 'DHL',
  trackingNumber: 'T1',
  trackingUrl: '',
  status: 'in_transit' as const,
  estimatedDelivery: new Date('2026-11-23T10:00:00Z'),
};

/** What every adapter of `Orders` keeps. */
export function describeOrders(name: string, make: MakeSubject): void {
  describe(`${name} orders`, () => {
    it('answers queries in their order, with names from the catalogue', async () => {
      const wanted = order('SO-1000', 'ann', { status: 'shipped', shipments: [shipped] });
      const { orders } = await withOrders(make, [wanted, order('SO-1001', 'bob')]);
      const found = await orders.find([
        { number: 'SO-1001', customerIds: ['bob'] },
        { number: 'SO-9999', customerIds: ['bob'] },
        { number: '# so-1000', customerIds: ['zoe', 'ann'] },
      ]);
      expect(found.map((one) => one?.number)).toEqual(['SO-1001', undefined, 'SO-1000']);
      expect(found[2]).toEqual({ ...wanted, lines: [{ ...wanted.lines[0], productName: 'Name of A-1' }] });
    });

    it('tells the parcels of an order to its customer only', async () => {
      const { orders } = await withOrders(make, [order('1', 'ann', { shipments: [shipped] }), order('2', 'ann')]);
      expect(await orders.shipments({ number: '#1', customerIds: ['ann'] })).toEqual([shipped]);
      expect(await orders.shipments({ number: '2', customerIds: ['ann'] })).toEqual([]);
      expect(await orders.shipments({ number: '1', customerIds: ['bob'] })).toBeUndefined();
    });

    it('does not find an order of somebody else, nor for nobody', async () => {
      const { orders } = await withOrders(make, [order('1234', 'ann')]);
      const queries = [['bob'], [], ['']].map((customerIds) => ({ number: '1234', customerIds }));
      expect(await orders.find(queries)).toEqual([undefined, undefined, undefined]);
    });

    it('compares numbers written in other digits, and shows them as the ERP writes them', async () => {
      const { orders } = await withOrders(make, [order('Web/2026/00081', 'ann'), order('1234', 'ann')]);
      const written = ['١٢٣٤', '१२३४', '#12 34', 'web/2026/00081'];
      const found = await orders.find(written.map((number) => ({ number, customerIds: ['ann'] })));
      expect(found.map((one) => one?.number)).toEqual(['1234', '1234', '1234', 'Web/2026/00081']);
    });

    it('answers the same query twice and an empty batch', async () => {
      const { orders } = await withOrders(make, [order('1234', 'ann')]);
      const query = { number: '1234', customerIds: ['ann'] };
      expect((await orders.find([query, query])).map((one) => one?.number)).toEqual(['1234', '1234']);
      expect(await orders.find([])).toEqual([]);
    });

    it('lists the latest first, open ones alone when asked, up to the limit', async () => {
      const on = (day: number): Date => new Date(Date.UTC(2026, 9, day));
      const { orders } = await withOrders(make, [
        order('101', 'ann', { placedAt: on(1), status: 'delivered' }),
        order('103', 'ann', { placedAt: on(3), status: 'out_for_delivery' }),
        order('102', 'ann', { placedAt: on(2) }),
        order('104', 'bob', { placedAt: on(4) }),
      ]);
      const numbers = async (open: boolean, limit: number): Promise<string[]> =>
        (await orders.list('ann', { open, limit })).map(({ number }) => number);
      expect(await numbers(false, 10)).toEqual(['103', '102', '101']);
      expect(await numbers(true, 10)).toEqual(['103', '102']);
      expect(await numbers(false, 1)).toEqual(['103']);
    });
  });

  describeCancelling(name, make);
  describeReturns(name, make);
}

function describeCancelling(name: string, make: MakeSubject): void {
  const request = { number: '#1250', customerIds: ['ann'], reason: '', idempotencyKey: 'k1' };

  describe(`${name} orders: cancelling`, () => {
    it('cancels once, tells everybody once, and gives a repeat the same answer', async () => {
      const { orders, facts } = await withOrders(make, [order('1250', 'ann')]);
      const first = await orders.cancel(request);
      expect(first).toMatchObject({ number: '1250', status: 'cancelled' });
      expect(await orders.cancel(request)).toEqual(first);
      expect(await facts()).toEqual([{ kind: 'order_cancelled', customerId: 'ann', number: '1250' }]);
      expect((await orders.find([request]))[0]?.status).toBe('cancelled');
    });

    it('refuses the key for another request', async () => {
      const { orders } = await withOrders(make, [order('1250', 'ann'), order('1251', 'ann')]);
      await orders.cancel(request);
      const other = orders.cancel({ ...request, number: '1251' });
      await expect(other).rejects.toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'IDEMPOTENCY.KEY_REUSED' });
      await expect(orders.requestReturn({ ...request, lines: [] })).rejects.toMatchObject({
        reason: 'IDEMPOTENCY.KEY_REUSED',
      });
    });

    it('refuses to work without a key', async () => {
      const { orders } = await withOrders(make, [order('1250', 'ann')]);
      await expect(orders.cancel({ ...request, idempotencyKey: '' })).rejects.toMatchObject({
        reason: 'IDEMPOTENCY.KEY_MISSING',
      });
    });

    it('does not know an order of somebody else', async () => {
      const { orders, facts } = await withOrders(make, [order('1250', 'bob')]);
      await expect(orders.cancel(request)).rejects.toMatchObject({ code: 'NOT_FOUND', reason: 'ORDER.NOT_FOUND' });
      expect(await facts()).toEqual([]);
    });

    it('refuses what has been shipped, in part too, and says so again', async () => {
      const parts = [{ ...shipped, status: 'label' as const }, shipped];
      const { orders } = await withOrders(make, [order('1250', 'ann', { status: 'processing', shipments: parts })]);
      const refused = { code: 'FAILED_PRECONDITION', reason: 'ORDER.NOT_CANCELLABLE' };
      await expect(orders.cancel(request)).rejects.toMatchObject(refused);
      await expect(orders.cancel(request)).rejects.toMatchObject(refused);
    });

    it('refuses to cancel twice under two keys', async () => {
      const { orders, facts } = await withOrders(make, [order('1250', 'ann')]);
      await orders.cancel(request);
      const again = orders.cancel({ ...request, idempotencyKey: 'k2' });
      await expect(again).rejects.toMatchObject({ reason: 'ORDER.NOT_CANCELLABLE' });
      expect(await facts()).toHaveLength(1);
    });
  });
}

function describeReturns(name: string, make: MakeSubject): void {
  const request = { number: '1250', customerIds: ['ann'], lines: [], reason: 'damaged', idempotencyKey: 'k1' };

  describe(`${name} orders: returns`, () => {
    it('takes back what was delivered, once per key', async () => {
      const { orders } = await withOrders(make, [order('1250', 'ann', { status: 'delivered' })]);
      const id = await orders.requestReturn(request);
      expect(id).not.toBe('');
      expect(await orders.requestReturn(request)).toBe(id);
      const part = { ...request, lines: [{ sku: 'A-1', quantity: 1 }], idempotencyKey: 'k2' };
      expect(await orders.requestReturn(part)).not.toBe(id);
    });

    it('refuses what is still on its way, and more than was ordered', async () => {
      const delivered = order('1250', 'ann', { status: 'delivered' });
      const { orders } = await withOrders(make, [delivered, order('1251', 'ann')]);
      await expect(orders.requestReturn({ ...request, number: '1251' })).rejects.toMatchObject({
        reason: 'ORDER.NOT_RETURNABLE',
      });
      const tooMany = { ...request, lines: [{ sku: 'A-1', quantity: 3 }], idempotencyKey: 'k2' };
      await expect(orders.requestReturn(tooMany)).rejects.toMatchObject({ reason: 'ORDER.NOT_IN_ORDER' });
    });
  });
}
