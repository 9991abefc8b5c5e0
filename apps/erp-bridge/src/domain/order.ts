import { sumOf, type Money } from './money.js';

export const ORDER_STATUSES = [
  'placed',
  'confirmed',
  'processing',
  'shipped',
  'out_for_delivery',
  'delivered',
  'cancelled',
  'returned',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export const SHIPMENT_STATUSES = [
  'pending',
  'label',
  'in_transit',
  'out_for_delivery',
  'delivered',
  'exception',
  'returned',
] as const;
export type ShipmentStatus = (typeof SHIPMENT_STATUSES)[number];

/** A line of an order; `productName` is the catalogue's, and empty when the catalogue does not have the product. */
export interface OrderLine {
  sku: string;
  productName: string;
  quantity: number;
  unitPrice: Money;
}

export interface Shipment {
  carrier: string;
  trackingNumber: string;
  trackingUrl: string;
  status: ShipmentStatus;
  estimatedDelivery?: Date;
  deliveredAt?: Date;
}

/** An order as the ERP has it. What follows from other fields (total, whether it can be cancelled) is computed. */
export interface Order {
  number: string;
  customerId: string;
  placedAt: Date;
  status: OrderStatus;
  lines: OrderLine[];
  shipments: Shipment[];
}

const NOT_YET_SHIPPED: ReadonlySet<OrderStatus> = new Set(['placed', 'confirmed', 'processing']);
const WITH_US: ReadonlySet<ShipmentStatus> = new Set(['pending', 'label']);
const CLOSED: ReadonlySet<OrderStatus> = new Set(['delivered', 'cancelled', 'returned']);

export const CLOSED_STATUSES: readonly OrderStatus[] = [...CLOSED];

/** Whether the order can still be cancelled: no part of it has left. */
export function isCancellable(order: Pick<Order, 'status' | 'shipments'>): boolean {
  return NOT_YET_SHIPPED.has(order.status) && order.shipments.every((shipment) => WITH_US.has(shipment.status));
}

/** Whether the customer still waits for something. */
export function isOpen(order: Pick<Order, 'status'>): boolean {
  return !CLOSED.has(order.status);
}

/** Whether goods of the order can be sent back: the customer has them. */
export function isReturnable(order: Pick<Order, 'status'>): boolean {
  return order.status === 'delivered' || order.status === 'returned';
}

export function totalOf(order: Pick<Order, 'lines'>): Money | undefined {
  return sumOf(order.lines);
}
