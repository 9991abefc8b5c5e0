import { FakeClock } from '@parley/testing';
import type { BusinessFact } from '../domain/business-event.js';
import type { Order } from '../domain/order.js';
import { noRecords, type ErpRecords } from '../domain/records.js';
import type { Billing } from './billing.port.js';
import type { Connector } from './connector.port.js';
import type { Orders } from './orders.port.js';
import type { Records } from './records.port.js';
import type { Stock } from './stock.port.js';
import type { WorkOrders } from './work-orders.port.js';

/** An empty ERP behind all ports, as the contract suites take it. */
export interface Subject {
  orders: Orders;
  stock: Stock;
  billing: Billing;
  workOrders: WorkOrders;
  records: Records;
  connector: Connector;
  /** What was published so far, in order. */
  facts(): Promise<BusinessFact[]>;
}

/** Makes an empty ERP whose time is the clock's. */
export type MakeSubject = (clock: FakeClock) => Promise<Subject>;

export const START = '2026-11-22T10:00:00Z';

export const eur = (amount: string): { amount: string; currency: string } => ({ amount, currency: 'EUR' });

export const product = (sku: string, stock = 10): ErpRecords['products'][number] => ({
  sku,
  name: `Name of ${sku}`,
  productLine: 'line',
  price: eur('12.50'),
  stock,
});

export const order = (number: string, customerId: string, over: Partial<Order> = {}): Order => ({
  number,
  customerId,
  placedAt: new Date('2026-11-20T10:00:00Z'),
  status: 'placed',
  lines: [{ sku: 'A-1', productName: '', quantity: 2, unitPrice: eur('12.50') }],
  shipments: [],
  ...over,
});

/** An ERP with one product and the orders given. */
export async function withOrders(make: MakeSubject, orders: Order[], clock = new FakeClock(START)): Promise<Subject> {
  const subject = await make(clock);
  await subject.records.write({ ...noRecords(), products: [product('A-1')], orders });
  return subject;
}
