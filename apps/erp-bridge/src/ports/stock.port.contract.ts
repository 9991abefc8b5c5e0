import { FakeClock } from '@parley/testing';
import { noRecords } from '../domain/records.js';
import { product, START, type MakeSubject, type Subject } from './subject.contract.js';

/** What every adapter of `Stock` keeps. */
export function describeStock(name: string, make: MakeSubject): void {
  const clock = new FakeClock(START);
  const stocked = async (): Promise<Subject> => {
    clock.set(START);
    const subject = await make(clock);
    await subject.records.write({ ...noRecords(), products: [product('A-1', 5), product('B-2', 1)] });
    return subject;
  };
  const hold = (idempotencyKey: string, quantity = 3, ttlSeconds = 600) => ({
    lines: [{ sku: 'A-1', quantity }],
    customerId: 'ann',
    ttlSeconds,
    idempotencyKey,
  });
  const available = async ({ stock }: Subject): Promise<number | undefined> => {
    return (await stock.levels(['A-1']))[0]?.available;
  };

  describe(`${name} stock`, () => {
    it('knows the levels of the products that exist', async () => {
      const { stock } = await stocked();
      const asOf = clock.now();
      expect(await stock.levels(['B-2', 'none', 'A-1'])).toEqual([
        { sku: 'B-2', onHand: 1, reserved: 0, available: 1, asOf },
        { sku: 'A-1', onHand: 5, reserved: 0, available: 5, asOf },
      ]);
    });

    it('holds goods for a time, and no longer, without anybody sweeping', async () => {
      const subject = await stocked();
      const { expiresAt } = await subject.stock.reserve(hold('k1'));
      expect(expiresAt).toEqual(new Date('2026-11-22T10:10:00Z'));
      expect(await available(subject)).toBe(2);
      clock.advance(600_000);
      expect(await available(subject)).toBe(5);
    });

    it('holds once per key', async () => {
      const subject = await stocked();
      const first = await subject.stock.reserve(hold('k1'));
      expect(await subject.stock.reserve(hold('k1'))).toEqual(first);
      expect(await available(subject)).toBe(2);
      await expect(subject.stock.reserve(hold('k1', 1))).rejects.toMatchObject({ reason: 'IDEMPOTENCY.KEY_REUSED' });
    });

    it('refuses more than is available, all lines of a product together', async () => {
      const subject = await stocked();
      await subject.stock.reserve(hold('k1'));
      const refused = subject.stock.reserve(hold('k2'));
      await expect(refused).rejects.toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'STOCK.INSUFFICIENT' });
      const twice = { ...hold('k3', 1), lines: [1, 2].map(() => ({ sku: 'B-2', quantity: 1 })) };
      await expect(subject.stock.reserve(twice)).rejects.toMatchObject({ reason: 'STOCK.INSUFFICIENT' });
      const unknown = { ...hold('k4'), lines: [{ sku: 'none', quantity: 1 }] };
      await expect(subject.stock.reserve(unknown)).rejects.toMatchObject({ reason: 'PRODUCT.NOT_FOUND' });
    });

    it('gives a hold back once', async () => {
      const subject = await stocked();
      const { reservationId } = await subject.stock.reserve(hold('k1'));
      expect(await subject.stock.release(reservationId, 'k2')).toBe(true);
      expect(await subject.stock.release(reservationId, 'k2')).toBe(true);
      expect(await subject.stock.release(reservationId, 'k3')).toBe(false);
      expect(await available(subject)).toBe(5);
      await expect(subject.stock.release('none', 'k4')).rejects.toMatchObject({ reason: 'RESERVATION.NOT_FOUND' });
    });

    it('makes an order of a hold, with the goods taken and the news told', async () => {
      const subject = await stocked();
      const { reservationId } = await subject.stock.reserve(hold('k1'));
      const order = await subject.stock.confirm(reservationId, 'k2');
      expect(order).toMatchObject({ customerId: 'ann', status: 'confirmed', placedAt: clock.now() });
      expect(order.lines).toMatchObject([{ sku: 'A-1', productName: 'Name of A-1', quantity: 3 }]);
      expect(await subject.stock.confirm(reservationId, 'k2')).toEqual(order);
      expect(await subject.stock.levels(['A-1'])).toMatchObject([{ onHand: 2, reserved: 0, available: 2 }]);
      const found = await subject.orders.find([{ number: order.number, customerIds: ['ann'] }]);
      expect(found[0]).toEqual(order);
      expect(await subject.facts()).toEqual([{ kind: 'order_confirmed', customerId: 'ann', number: order.number }]);
    });

    it('does not confirm what has expired, and sweeps it', async () => {
      const subject = await stocked();
      const { reservationId } = await subject.stock.reserve(hold('k1', 1, 60));
      await subject.stock.reserve(hold('k2', 1, 600));
      clock.advance(60_000);
      const late = subject.stock.confirm(reservationId, 'k3');
      await expect(late).rejects.toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'RESERVATION.EXPIRED' });
      expect(await subject.stock.release(reservationId, 'k4')).toBe(false);
      expect(await subject.stock.sweep()).toBe(1);
      expect(await subject.stock.sweep()).toBe(0);
      expect(await available(subject)).toBe(4);
    });
  });
}
