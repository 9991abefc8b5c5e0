import { isOpen } from '../../../domain/order.js';
import { invalidRows } from '../../../domain/record-rules.js';
import { danglingReferences, repeatedRows } from '../../../domain/records.js';
import { demoArrivals } from './demo-orders.js';
import { demoRecords } from './demo-records.js';

const records = demoRecords(new Date('2026-11-22T10:00:00Z'));
const none = { skus: new Set<string>(), orderKeys: new Set<string>(), technicianIds: new Set<string>() };
const openOf = (customerId: string): string[] =>
  records.orders.filter((order) => order.customerId === customerId && isOpen(order)).map(({ number }) => number);

describe('demonstration data', () => {
  it('has the promised size and breaks no rule of an import', () => {
    expect(records.products).toHaveLength(30);
    expect(records.orders).toHaveLength(40);
    expect(invalidRows(records)).toEqual([]);
    expect(repeatedRows(records)).toEqual([]);
    expect(danglingReferences(records, none)).toEqual([]);
  });

  it("has Maya's order 1234 on the van, to arrive by 4 PM in her zone", () => {
    const order = records.orders.find(({ number }) => number === '1234');
    expect(order).toMatchObject({ customerId: 'cus-maya', status: 'out_for_delivery' });
    expect(demoArrivals.get('1234')).toEqual({ zone: 'America/New_York', hour: 16, days: 0 });
  });

  it('has one open order for Camille, several for Diego, and for Tom a late one and one to cancel', () => {
    expect(openOf('cus-camille')).toEqual(['1242']);
    expect(openOf('cus-diego')).toEqual(['1241', '1246', '1251']);
    expect(openOf('cus-tom')).toEqual(['1240', '1250']);
  });
});
