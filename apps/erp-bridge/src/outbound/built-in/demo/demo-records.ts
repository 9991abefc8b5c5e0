import type { Invoice, InvoiceStatus } from '../../../domain/invoice.js';
import { totalOf, type Order } from '../../../domain/order.js';
import type { ErpRecords } from '../../../domain/records.js';
import type { Technician, WorkOrder, WorkOrderStatus } from '../../../domain/work-order.js';
import { demoOrders } from './demo-orders.js';
import { demoProducts } from './demo-products.js';

const DAY_MS = 86_400_000;

const technicians: readonly Technician[] = [
  { id: 'tec-grace', name: 'Grace Okafor', phone: '+12125550151', skills: ['appliances', 'electrical'] },
  { id: 'tec-henrik', name: 'Henrik Larsen', phone: '+4915550100152', skills: ['furniture'] },
  { id: 'tec-lucia', name: 'Lucía Romero', phone: '+34600100153', skills: ['appliances', 'lighting'] },
  { id: 'tec-amir', name: 'Amir Nasser', phone: '+971500100154', skills: ['lighting', 'electrical'] },
];

type Job = readonly [
  number: string,
  title: string,
  site: string,
  who: string,
  status: WorkOrderStatus,
  days: number,
  priority: string,
];

const JOBS: readonly Job[] = [
  ['WO-501', 'Install heat pump dryer', 'Berlin, warehouse 2', 'tec-henrik', 'assigned', 1, 'normal'],
  ['WO-502', 'Repair espresso machine', 'Madrid, service desk', 'tec-lucia', 'accepted', 0, 'high'],
  ['WO-503', 'Replace lighting in showroom', 'Dubai, showroom', 'tec-amir', 'en_route', 0, 'high'],
  ['WO-504', 'Check returned vacuum cleaners', 'New York, returns', 'tec-grace', 'on_site', 0, 'normal'],
  ['WO-505', 'Assemble bookcases for display', 'Paris, showroom', '', 'open', 3, 'low'],
  ['WO-506', 'Inspect loading dock', 'New York, warehouse 1', 'tec-grace', 'done', -4, 'normal'],
  ['WO-507', 'Fix conveyor sensor', 'Berlin, warehouse 2', '', 'open', 1, 'urgent'],
  ['WO-508', 'Measure kitchen corner', 'Madrid, showroom', 'tec-lucia', 'cancelled', -2, 'low'],
];

/** Order, status of its invoice, days from now until it is due. */
const INVOICED: readonly (readonly [order: string, status: InvoiceStatus, dueInDays: number])[] = [
  ['1234', 'open', 11],
  ['1188', 'paid', -27],
  ['1102', 'paid', -106],
  ['1241', 'open', 10],
  ['1175', 'paid', -46],
  ['1160', 'paid', -61],
  ['1242', 'open', 10],
  ['1181', 'paid', -36],
  ['1235', 'open', 8],
  ['1150', 'overdue', -71],
  ['1133', 'paid', -87],
  ['1236', 'open', 8],
  ['1240', 'open', 5],
  ['1169', 'overdue', -52],
  ['1118', 'void', -98],
  ['1110', 'paid', -103],
];

function invoiceOf(
  orders: readonly Order[],
  [number, status, dueInDays]: (typeof INVOICED)[number],
  now: Date,
): Invoice {
  const order = orders.find((candidate) => candidate.number === number);
  const total = order && totalOf(order);
  if (!order || !total) throw new RangeError(`There is no demonstration order ${number} with a total.`);
  const dueOn = new Date(now.getTime() + dueInDays * DAY_MS).toISOString().slice(0, 10);
  return { number: `INV-${number}`, orderNumber: number, customerId: order.customerId, total, status, dueOn };
}

function workOrderOf([number, title, site, technicianId, status, days, priority]: Job, now: Date): WorkOrder {
  return { number, title, site, technicianId, status, scheduledAt: new Date(now.getTime() + days * DAY_MS), priority };
}

/** Everything a demonstration begins with, as it is at `now`. Customers are the CRM's; their ids agree with its own. */
export function demoRecords(now: Date): ErpRecords {
  const orders = demoOrders(now);
  return {
    products: [...demoProducts],
    orders,
    invoices: INVOICED.map((invoiced) => invoiceOf(orders, invoiced, now)),
    technicians: [...technicians],
    workOrders: JOBS.map((job) => workOrderOf(job, now)),
  };
}
