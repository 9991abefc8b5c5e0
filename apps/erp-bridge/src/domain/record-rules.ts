import type { RowProblem } from './errors.js';
import { INVOICE_STATUSES, type Invoice } from './invoice.js';
import { isMoney, type Money } from './money.js';
import { orderKey } from './order-number.js';
import { ORDER_STATUSES, SHIPMENT_STATUSES, type Order } from './order.js';
import type { ErpRecords } from './records.js';
import type { Product } from './stock.js';
import { WORK_ORDER_STATUSES, type Technician, type WorkOrder } from './work-order.js';

/** Fields of one row that are wrong, with what they should be; names as in the import format. */
type Wrong = [field: string, message: string][];

const MAX_INTEGER = 2_147_483_647;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
// By shape only: whether a numbering plan knows the number is never a reason to refuse it.
const E164 = /^\+[1-9]\d{6,14}$/;

const text = (field: string, value: string): Wrong => {
  if (value.trim() === '') return [[field, 'must not be empty']];
  // Postgres cannot store it, and nobody means it.
  return value.includes('\0') ? [[field, 'must not hold a NUL character']] : [];
};

const optional = (field: string, value: string): Wrong => (value === '' ? [] : text(field, value));

const oneOf = (field: string, value: string, allowed: readonly string[]): Wrong =>
  allowed.includes(value) ? [] : [[field, `must be one of ${allowed.join(', ')}`]];

const integer = (field: string, value: number, min: number): Wrong =>
  Number.isInteger(value) && value >= min && value <= MAX_INTEGER
    ? []
    : [[field, `must be a whole number from ${min}`]];

const money = (field: string, value: Money): Wrong =>
  isMoney(value) ? [] : [[field, 'must be a decimal string with a dot and a currency of three capitals']];

const time = (field: string, value: Date): Wrong => (Number.isNaN(value.getTime()) ? [[field, 'must be a time']] : []);

/** 3 to 24 letters, digits and single `- / . space`, two digits at least; `#` may come with it. */
export function isOrderNumber(number: string): boolean {
  const bare = number.normalize('NFKC').replace(/#/g, '').trim();
  const digits = orderKey(bare).replace(/[^0-9]/g, '').length;
  return (
    bare.length >= 3 &&
    bare.length <= 24 &&
    digits >= 2 &&
    /^[\p{L}\p{M}\p{Nd}]+([-/. ][\p{L}\p{M}\p{Nd}]+)*$/u.test(bare)
  );
}

const orderNumber = (field: string, value: string): Wrong =>
  isOrderNumber(value)
    ? []
    : [[field, 'must be 3 to 24 letters, digits and single - / . or space, two digits at least']];

const product = (row: Product): Wrong => [
  ...text('sku', row.sku),
  ...text('name', row.name),
  ...optional('product_line', row.productLine),
  ...money('price', row.price),
  ...integer('stock', row.stock, -MAX_INTEGER),
];

const order = (row: Order): Wrong => [
  ...orderNumber('number', row.number),
  ...text('customer_id', row.customerId),
  ...time('placed_at', row.placedAt),
  ...oneOf('status', row.status, ORDER_STATUSES),
  ...row.lines.flatMap((line, index) => [
    ...text(`lines[${index}].sku`, line.sku),
    ...integer(`lines[${index}].quantity`, line.quantity, 1),
    ...money(`lines[${index}].unit_price`, line.unitPrice),
  ]),
  ...row.shipments.flatMap((shipment, index) => [
    ...text(`shipments[${index}].carrier`, shipment.carrier),
    ...text(`shipments[${index}].tracking_number`, shipment.trackingNumber),
    ...optional(`shipments[${index}].tracking_url`, shipment.trackingUrl),
    ...oneOf(`shipments[${index}].status`, shipment.status, SHIPMENT_STATUSES),
  ]),
];

const invoice = (row: Invoice): Wrong => [
  ...text('number', row.number),
  ...optional('order_number', row.orderNumber),
  ...text('customer_id', row.customerId),
  ...money('total', row.total),
  ...oneOf('status', row.status, INVOICE_STATUSES),
  ...(DATE.test(row.dueOn) && !Number.isNaN(Date.parse(row.dueOn))
    ? []
    : ([['due_on', 'must be YYYY-MM-DD']] as Wrong)),
];

const technician = (row: Technician): Wrong => [
  ...text('id', row.id),
  ...text('name', row.name),
  ...(E164.test(row.phone) ? [] : ([['phone', 'must be + and 7 to 15 digits, the first not 0']] as Wrong)),
  ...row.skills.flatMap((skill, index) => text(`skills[${index}]`, skill)),
];

const workOrder = (row: WorkOrder): Wrong => [
  ...text('number', row.number),
  ...text('title', row.title),
  ...text('site', row.site),
  ...optional('technician_id', row.technicianId),
  ...oneOf('status', row.status, WORK_ORDER_STATUSES),
  ...time('scheduled_at', row.scheduledAt),
  ...text('priority', row.priority),
];

function problems<T>(rows: readonly T[], wrongOf: (row: T) => Wrong): RowProblem[] {
  return rows.flatMap((row, index) => wrongOf(row).map(([field, message]) => ({ row: index + 1, field, message })));
}

/** Everything that is wrong with rows in themselves, whatever the system holds. */
export function invalidRows(records: ErpRecords): RowProblem[] {
  return [
    ...problems(records.products, product),
    ...problems(records.orders, order),
    ...problems(records.invoices, invoice),
    ...problems(records.technicians, technician),
    ...problems(records.workOrders, workOrder),
  ];
}
