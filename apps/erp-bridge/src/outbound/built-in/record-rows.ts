import { fingerprint } from '../../domain/canonical.js';
import type { Invoice } from '../../domain/invoice.js';
import { orderKey } from '../../domain/order-number.js';
import type { Order } from '../../domain/order.js';
import type { Product } from '../../domain/stock.js';
import type { WorkOrder } from '../../domain/work-order.js';
import { storedLines } from './order-rows.js';

type Row = Record<string, unknown>;

export const productRow = (product: Product): Row => ({
  key: product.sku,
  name: product.name,
  product_line: product.productLine,
  price_amount: product.price.amount,
  price_currency: product.price.currency,
  on_hand: product.stock,
  fingerprint: fingerprint(product),
});

export const orderRow = (order: Order): Row => ({
  key: orderKey(order.number),
  number: order.number,
  customer_id: order.customerId,
  placed_at: order.placedAt,
  status: order.status,
  lines: storedLines(order),
  shipments: order.shipments,
  fingerprint: fingerprint(order),
});

export const invoiceRow = (invoice: Invoice): Row => ({
  key: orderKey(invoice.number),
  number: invoice.number,
  order_key: invoice.orderNumber === '' ? null : orderKey(invoice.orderNumber),
  customer_id: invoice.customerId,
  total_amount: invoice.total.amount,
  total_currency: invoice.total.currency,
  status: invoice.status,
  due_on: invoice.dueOn,
  fingerprint: fingerprint(invoice),
});

export const workOrderRow = (workOrder: WorkOrder): Row => ({
  key: orderKey(workOrder.number),
  number: workOrder.number,
  title: workOrder.title,
  site: workOrder.site,
  technician_id: workOrder.technicianId || null,
  status: workOrder.status,
  scheduled_at: workOrder.scheduledAt,
  priority: workOrder.priority,
  fingerprint: fingerprint(workOrder),
});

interface Upsert {
  table: string;
  key: string;
  columns: Record<string, string>;
  /** Returned besides the key and the status before. */
  returns: string;
  /** Further assignments when a row is replaced. */
  also?: string;
}

/**
 * One statement for all rows of a file: new rows and rows that say something else than at the last load are written, and
 * those are returned, with the status they had before.
 */
export function upsertSql({ table, key, columns, returns, also }: Upsert): string {
  const names = Object.keys(columns);
  const previous = names.includes('status') ? 't.status' : 'null::text';
  return `with incoming as (
      select * from jsonb_to_recordset($1::jsonb)
        as r(key text, ${names.map((name) => `${name} ${columns[name]}`).join(', ')}, fingerprint text)
    ), before as (select t.${key} as key, ${previous} as previous from ${table} t join incoming i on i.key = t.${key}),
    written as (
      insert into ${table} as t (${key}, ${names.join(', ')}, fingerprint)
      select key, ${names.join(', ')}, fingerprint from incoming order by key
      on conflict (${key}) do update set ${[...names, 'fingerprint'].map((name) => `${name} = excluded.${name}`).join(', ')}
        ${also ? `, ${also}` : ''}
        where t.fingerprint is distinct from excluded.fingerprint
      returning t.${key} as key, ${returns}
    ) select w.*, b.previous from written w left join before b using (key)`;
}
