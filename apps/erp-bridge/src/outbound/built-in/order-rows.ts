import type { Order, OrderStatus, Shipment, ShipmentStatus } from '../../domain/order.js';
import { estimateAt, type RollingEstimate } from '../../domain/rolling-estimate.js';
import type { Money } from '../../domain/money.js';

/** Columns of an order as `fromRow` takes them; the table is `o`. Product names come from the catalogue of now. */
export const ORDER_COLUMNS = `o.number, o.customer_id as "customerId", o.placed_at as "placedAt", o.status, o.lines,
  o.shipments, o.rolling_estimate as "rollingEstimate",
  (select jsonb_object_agg(p.sku, p.name) from products p
   where p.sku in (select line->>'sku' from jsonb_array_elements(o.lines) as line)) as names`;

interface StoredShipment {
  carrier: string;
  trackingNumber: string;
  trackingUrl: string;
  status: ShipmentStatus;
  estimatedDelivery?: string;
  deliveredAt?: string;
}

export interface OrderRow {
  number: string;
  customerId: string;
  placedAt: Date;
  status: OrderStatus;
  lines: { sku: string; quantity: number; unitPrice: Money }[];
  shipments: StoredShipment[];
  rollingEstimate: RollingEstimate | null;
  names: Record<string, string> | null;
}

export function fromRow(row: OrderRow, now: Date): Order {
  const { number, customerId, placedAt, status, names, rollingEstimate } = row;
  const lines = row.lines.map((line) => ({ ...line, productName: names?.[line.sku] ?? '' }));
  const shipments = row.shipments.map((stored) => shipmentOf(stored, rollingEstimate, now));
  return { number, customerId, placedAt, status, lines, shipments };
}

function shipmentOf(stored: StoredShipment, rolling: RollingEstimate | null, now: Date): Shipment {
  const { carrier, trackingNumber, trackingUrl, status } = stored;
  const shipment: Shipment = { carrier, trackingNumber, trackingUrl, status };
  if (rolling) shipment.estimatedDelivery = estimateAt(rolling, now);
  else if (stored.estimatedDelivery) shipment.estimatedDelivery = new Date(stored.estimatedDelivery);
  if (stored.deliveredAt) shipment.deliveredAt = new Date(stored.deliveredAt);
  return shipment;
}

/** The lines as they are stored: names are the catalogue's. */
export function storedLines(order: Pick<Order, 'lines'>): OrderRow['lines'] {
  return order.lines.map(({ sku, quantity, unitPrice }) => ({ sku, quantity, unitPrice }));
}
