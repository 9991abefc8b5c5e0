import type { RowProblem } from './errors.js';
import type { Invoice } from './invoice.js';
import { orderKey } from './order-number.js';
import type { Order } from './order.js';
import type { Product } from './stock.js';
import type { Technician, WorkOrder } from './work-order.js';

/** One load of data. Product names of order lines are the catalogue's business and not looked at. */
export interface ErpRecords {
  products: Product[];
  orders: Order[];
  invoices: Invoice[];
  technicians: Technician[];
  workOrders: WorkOrder[];
}

export interface Written {
  written: number;
  unchanged: number;
}

export const noRecords = (): ErpRecords => ({
  products: [],
  orders: [],
  invoices: [],
  technicians: [],
  workOrders: [],
});

/** What the records refer to and the system must know, by the form it is compared in. */
export interface References {
  skus: ReadonlySet<string>;
  orderKeys: ReadonlySet<string>;
  technicianIds: ReadonlySet<string>;
}

/** Every reference the records make; an adapter looks up which of them exist. */
export function referencesOf(records: ErpRecords): References {
  return {
    skus: new Set(records.orders.flatMap((order) => order.lines.map((line) => line.sku))),
    orderKeys: new Set(records.invoices.flatMap(({ orderNumber }) => (orderNumber ? [orderKey(orderNumber)] : []))),
    technicianIds: new Set(records.workOrders.flatMap(({ technicianId }) => technicianId || [])),
  };
}

/** References to nothing: neither in `known` nor in the same load. */
export function danglingReferences(records: ErpRecords, known: References): RowProblem[] {
  const skus = new Set([...known.skus, ...records.products.map(({ sku }) => sku)]);
  const orders = new Set([...known.orderKeys, ...records.orders.map(({ number }) => orderKey(number))]);
  const technicians = new Set([...known.technicianIds, ...records.technicians.map(({ id }) => id)]);
  const problems: RowProblem[] = [];
  records.orders.forEach((order, row) =>
    order.lines.forEach((line, index) => {
      if (skus.has(line.sku)) return;
      problems.push({ row: row + 1, field: `lines[${index}].sku`, message: 'no such product' });
    }),
  );
  records.invoices.forEach(({ orderNumber }, row) => {
    if (orderNumber === '' || orders.has(orderKey(orderNumber))) return;
    problems.push({ row: row + 1, field: 'order_number', message: 'no such order' });
  });
  records.workOrders.forEach(({ technicianId }, row) => {
    if (technicianId === '' || technicians.has(technicianId)) return;
    problems.push({ row: row + 1, field: 'technician_id', message: 'no such technician' });
  });
  return problems;
}

function repeats(field: string, keys: readonly string[]): RowProblem[] {
  const first = new Map<string, number>();
  return keys.flatMap((key, index) => {
    const earlier = first.get(key);
    if (earlier !== undefined) return [{ row: index + 1, field, message: `the same as in row ${earlier}` }];
    first.set(key, index + 1);
    return [];
  });
}

/** Rows that a load has twice: which of them should count is not for us to guess. */
export function repeatedRows(records: ErpRecords): RowProblem[] {
  return [
    ...repeats(
      'sku',
      records.products.map(({ sku }) => sku),
    ),
    ...repeats(
      'number',
      records.orders.map(({ number }) => orderKey(number)),
    ),
    ...repeats(
      'number',
      records.invoices.map(({ number }) => orderKey(number)),
    ),
    ...repeats(
      'id',
      records.technicians.map(({ id }) => id),
    ),
    ...repeats(
      'number',
      records.workOrders.map(({ number }) => orderKey(number)),
    ),
  ];
}

/** How many rows a load has. */
export function countRows(records: ErpRecords): number {
  const { products, orders, invoices, technicians, workOrders } = records;
  return [products, orders, invoices, technicians, workOrders].reduce((sum, rows) => sum + rows.length, 0);
}
