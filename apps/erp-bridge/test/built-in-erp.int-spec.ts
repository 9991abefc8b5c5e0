import { FakeClock } from '@parley/testing';
import { canonicalJson } from '../src/domain/canonical.js';
import { noRecords } from '../src/domain/records.js';
import { demoArrivals } from '../src/outbound/built-in/demo/demo-orders.js';
import { demoRecords } from '../src/outbound/built-in/demo/demo-records.js';
import { order, product, START, withOrders } from '../src/ports/subject.contract.js';
import { ErpUnderTest } from './subject.js';

let erp: ErpUnderTest;
beforeAll(async () => {
  erp = await ErpUnderTest.start();
}, 60_000);
afterAll(() => erp.close());

const clock = new FakeClock(START);
beforeEach(() => clock.set(START));

describe('the built-in ERP', () => {
  it('cancels once when many ask at once under one key, from two replicas', async () => {
    const subject = await withOrders(() => erp.empty(clock), [order('1250', 'ann')]);
    const replicas = [subject, await erp.connect(clock)];
    const request = { number: '1250', customerIds: ['ann'], reason: '', idempotencyKey: 'k1' };
    const answers = await Promise.all(replicas.flatMap(({ orders }) => [1, 2, 3, 4].map(() => orders.cancel(request))));
    expect(new Set(answers.map(canonicalJson)).size).toBe(1);
    expect(await subject.facts()).toHaveLength(1);
  });

  it('cancels once when many ask at once under keys of their own', async () => {
    const subject = await withOrders(() => erp.empty(clock), [order('1250', 'ann')]);
    const request = { number: '1250', customerIds: ['ann'], reason: '' };
    const asked = [1, 2, 3, 4, 5].map((n) => subject.orders.cancel({ ...request, idempotencyKey: `k${n}` }));
    const done = await Promise.allSettled(asked);
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await subject.facts()).toHaveLength(1);
  });

  it('never holds more than there is', async () => {
    const subject = await erp.empty(clock);
    await subject.records.write({ ...noRecords(), products: [product('A-1', 5), product('B-2', 5)] });
    const hold = (n: number): Promise<unknown> => {
      const lines = ['A-1', 'B-2'].map((sku) => ({ sku, quantity: 1 }));
      if (n % 2 === 0) lines.reverse();
      return subject.stock.reserve({ lines, customerId: 'ann', ttlSeconds: 60, idempotencyKey: `k${n}` });
    };
    const done = await Promise.allSettled(Array.from({ length: 12 }, (_, n) => hold(n)));
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(await subject.stock.levels(['A-1'])).toMatchObject([{ available: 0, reserved: 5 }]);
  });

  it('answers a thousand queries in one statement', async () => {
    const numbers = Array.from({ length: 1000 }, (_, n) => `SO-${10_000 + n}`);
    const subject = await withOrders(
      () => erp.empty(clock),
      numbers.map((number, n) => order(number, `cus-${n % 7}`)),
    );
    const queries = numbers.map((number, n) => ({ number, customerIds: [`cus-${n % 2 === 0 ? n % 7 : 'other'}`] }));
    const found = await subject.orders.find(queries);
    expect(found.filter((one, n) => one?.number === (n % 2 === 0 ? numbers[n] : undefined))).toHaveLength(1000);
  });

  it('keeps name and phone of a technician unreadable in the table', async () => {
    const subject = await erp.empty(clock);
    const technician = { id: 't1', name: 'Grace Okafor', phone: '+12125550151', skills: [] };
    await subject.records.write({ ...noRecords(), technicians: [technician] });
    const rows = await erp.admin().query('select t::text as row from erp.technicians t');
    const hex = Buffer.from('Grace').toString('hex');
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`Grace|2125550151|${hex}`));
  });
});

describe('demonstration data', () => {
  const maya = { number: '1234', customerIds: ['cus-maya'] };
  const write = (subject: Awaited<ReturnType<ErpUnderTest['empty']>>): Promise<boolean> =>
    subject.records.writeDemo(demoRecords(clock.now()), demoArrivals);

  it('is written once, also by replicas that start together', async () => {
    const subject = await erp.empty(clock);
    const replicas = [
      subject,
      { ...subject, ...(await erp.connect(clock)) },
      { ...subject, ...(await erp.connect(clock)) },
    ];
    const written = await Promise.all(replicas.map(write));
    expect(written.filter(Boolean)).toHaveLength(1);
    expect(await write(subject)).toBe(false);
    expect(await subject.facts()).toEqual([]);
  });

  it('is not written into a system that has data', async () => {
    const subject = await withOrders(() => erp.empty(clock), [order('1', 'ann')]);
    expect(await write({ ...(await erp.connect(clock)), facts: subject.facts })).toBe(false);
  });

  it('has order 1234 arrive by 4 PM today, whatever day it is, and tomorrow past 3 PM', async () => {
    const subject = await erp.empty(clock);
    await write(subject);
    const arrival = async (now: string): Promise<string | undefined> => {
      clock.set(now);
      return (await subject.orders.find([maya]))[0]?.shipments[0]?.estimatedDelivery?.toISOString();
    };
    expect(await arrival('2026-11-22T10:00:00-05:00')).toBe('2026-11-22T21:00:00.000Z');
    expect(await arrival('2026-12-24T10:00:00-05:00')).toBe('2026-12-24T21:00:00.000Z');
    expect(await arrival('2026-12-24T15:30:00-05:00')).toBe('2026-12-25T21:00:00.000Z');
  });

  it('gives way to an import for good', async () => {
    const subject = await erp.empty(clock);
    await write(subject);
    const estimatedDelivery = new Date('2026-11-25T09:00:00Z');
    const demo = demoRecords(clock.now()).orders.find(({ number }) => number === '1234');
    const shipments = (demo?.shipments ?? []).map((shipment) => ({ ...shipment, estimatedDelivery }));
    const own = order('1234', 'cus-maya', { shipments, lines: [], status: 'shipped' });
    expect(await subject.records.write({ ...noRecords(), orders: [own] })).toEqual({ written: 1, unchanged: 0 });
    clock.set('2027-01-05T10:00:00Z');
    const [found] = await subject.orders.find([maya]);
    expect(found?.shipments[0]?.estimatedDelivery).toEqual(estimatedDelivery);
    expect(await write(subject)).toBe(false);
  });
});
