import { erp, type common } from '@parley/contracts';
import { badRequest } from '../domain/errors.js';
import type { InvoiceStatus } from '../domain/invoice.js';
import { isMoney, type Money } from '../domain/money.js';
import { isCancellable, totalOf, type Order, type OrderStatus, type ShipmentStatus } from '../domain/order.js';
import type { ErpRecords } from '../domain/records.js';
import type { NewWorkOrder, WorkOrder, WorkOrderStatus } from '../domain/work-order.js';

const ORDER_STATUS: Record<OrderStatus, erp.OrderStatus> = {
  placed: erp.OrderStatus.PLACED,
  confirmed: erp.OrderStatus.CONFIRMED,
  processing: erp.OrderStatus.PROCESSING,
  shipped: erp.OrderStatus.SHIPPED,
  out_for_delivery: erp.OrderStatus.OUT_FOR_DELIVERY,
  delivered: erp.OrderStatus.DELIVERED,
  cancelled: erp.OrderStatus.CANCELLED,
  returned: erp.OrderStatus.RETURNED,
};

const SHIPMENT_STATUS: Record<ShipmentStatus, erp.ShipmentStatus> = {
  pending: erp.ShipmentStatus.PENDING,
  label: erp.ShipmentStatus.LABEL,
  in_transit: erp.ShipmentStatus.IN_TRANSIT,
  out_for_delivery: erp.ShipmentStatus.OUT_FOR_DELIVERY,
  delivered: erp.ShipmentStatus.DELIVERED,
  exception: erp.ShipmentStatus.EXCEPTION,
  returned: erp.ShipmentStatus.RETURNED,
};

// A status that is none of ours becomes an empty word, which the rules for rows name.
function word<W extends string>(table: Record<W, number>, value: number): W {
  const found = (Object.keys(table) as W[]).find((key) => table[key] === value);
  return found ?? ('' as W);
}

const NO_TIME = new Date(Number.NaN);

export function toOrder(order: Order): erp.Order {
  const { number, customerId, placedAt } = order;
  return {
    number,
    customerId,
    placedAt,
    status: ORDER_STATUS[order.status],
    lines: order.lines,
    shipments: order.shipments.map((shipment) => ({
      ...shipment,
      status: SHIPMENT_STATUS[shipment.status],
      estimatedDelivery: shipment.estimatedDelivery,
      deliveredAt: shipment.deliveredAt,
    })),
    total: totalOf(order),
    cancellable: isCancellable(order),
  };
}

function fromOrder(order: erp.Order): Order {
  return {
    number: order.number,
    customerId: order.customerId,
    placedAt: order.placedAt ?? NO_TIME,
    status: word(ORDER_STATUS, order.status),
    lines: order.lines.map(({ sku, quantity, unitPrice }) => ({
      sku,
      productName: '',
      quantity,
      unitPrice: fromMoney(unitPrice),
    })),
    shipments: order.shipments.map((shipment) => ({ ...shipment, status: word(SHIPMENT_STATUS, shipment.status) })),
  };
}

function fromMoney(money: common.Money | undefined): Money {
  return { amount: money?.amount ?? '', currency: money?.currency ?? '' };
}

/** @throws AppError `REQUEST.INVALID` */
export function optionalMoney(field: string, money: common.Money | undefined): Money | undefined {
  if (!money) return undefined;
  if (!isMoney(money) || money.amount.startsWith('-'))
    throw badRequest(field, 'must be a positive decimal and a currency');
  return { amount: money.amount, currency: money.currency };
}

/** @throws AppError `REQUEST.INVALID` */
export function newWorkOrder(workOrder: erp.WorkOrder | undefined): NewWorkOrder {
  if (!workOrder) throw badRequest('work_order', 'must be given');
  const { title, site, technicianId, scheduledAt, priority } = workOrder;
  if (title.trim() === '') throw badRequest('work_order.title', 'must not be empty');
  if (!scheduledAt) throw badRequest('work_order.scheduled_at', 'must be given');
  return { title, site, technicianId, scheduledAt, priority };
}

export function fromRecords(request: erp.ImportRecordsRequest): ErpRecords {
  return {
    products: request.products.map((row) => ({ ...row, price: fromMoney(row.price) })),
    orders: request.orders.map(fromOrder),
    invoices: request.invoices.map((row) => ({
      ...row,
      total: fromMoney(row.total),
      status: row.status as InvoiceStatus,
    })),
    technicians: request.technicians,
    workOrders: request.workOrders.map((row): WorkOrder => ({
      ...row,
      status: row.status as WorkOrderStatus,
      scheduledAt: row.scheduledAt ?? NO_TIME,
    })),
  };
}
