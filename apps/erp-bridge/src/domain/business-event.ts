import type { Invoice } from './invoice.js';
import type { Order, OrderStatus } from './order.js';
import type { WorkOrder } from './work-order.js';

export type BusinessEventKind =
  'order_confirmed' | 'order_shipped' | 'order_delivered' | 'order_cancelled' | 'invoice_paid' | 'work_order_assigned';

/** Something happened that a customer may want to hear of. `customerId` is empty where no customer is concerned. */
export interface BusinessFact {
  kind: BusinessEventKind;
  customerId: string;
  number: string;
}

const ORDER_KINDS: Partial<Record<OrderStatus, BusinessEventKind>> = {
  confirmed: 'order_confirmed',
  shipped: 'order_shipped',
  delivered: 'order_delivered',
  cancelled: 'order_cancelled',
};

export function orderFact(order: Pick<Order, 'number' | 'customerId' | 'status'>): BusinessFact[] {
  const kind = ORDER_KINDS[order.status];
  return kind ? [{ kind, customerId: order.customerId, number: order.number }] : [];
}

export function invoiceFact(invoice: Pick<Invoice, 'number' | 'customerId' | 'status'>): BusinessFact[] {
  if (invoice.status !== 'paid') return [];
  return [{ kind: 'invoice_paid', customerId: invoice.customerId, number: invoice.number }];
}

export function workOrderFact(workOrder: Pick<WorkOrder, 'number' | 'status'>): BusinessFact[] {
  if (workOrder.status !== 'assigned') return [];
  return [{ kind: 'work_order_assigned', customerId: '', number: workOrder.number }];
}
