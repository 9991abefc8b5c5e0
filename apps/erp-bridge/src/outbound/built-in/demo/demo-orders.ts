import type { Order, OrderStatus, Shipment, ShipmentStatus } from '../../../domain/order.js';
import type { RollingEstimate } from '../../../domain/rolling-estimate.js';
import { demoProducts } from './demo-products.js';

/** Days are counted back from the moment the data is written. */
interface Row {
  number: string;
  customer: string;
  daysAgo: number;
  status: OrderStatus;
  /** `SKU` or `SKU*quantity`. */
  lines: string[];
  ship?: Ship;
}

interface Ship {
  status: ShipmentStatus;
  /** An arrival that is always ahead. */
  arrives?: RollingEstimate;
  /** An arrival that was promised for so many days ago. */
  dueDaysAgo?: number;
  deliveredDaysAgo?: number;
}

const at = (zone: string, hour: number, days = 0): RollingEstimate => ({ zone, hour, days });
const onTheVan = (zone: string, hour: number): Ship => ({ status: 'out_for_delivery', arrives: at(zone, hour) });
const onItsWay = (zone: string, hour: number, days: number): Ship => ({
  status: 'in_transit',
  arrives: at(zone, hour, days),
});
const arrived = (deliveredDaysAgo: number): Ship => ({ status: 'delivered', deliveredDaysAgo });
const late = (dueDaysAgo: number): Ship => ({ status: 'in_transit', dueDaysAgo });

const row = (
  number: string,
  customer: string,
  daysAgo: number,
  status: OrderStatus,
  lines: string[],
  ship?: Ship,
): Row => ({ number, customer: `cus-${customer}`, daysAgo, status, lines, ship });

const ROWS: readonly Row[] = [
  row('1234', 'maya', 3, 'out_for_delivery', ['LMP-100', 'BLB-100*2'], onTheVan('America/New_York', 16)),
  row('1188', 'maya', 41, 'delivered', ['MUG-100'], arrived(37)),
  row('1102', 'maya', 120, 'delivered', ['CHR-100*4'], arrived(112)),
  row('1097', 'maya', 130, 'cancelled', ['RUG-100']),

  row('1241', 'diego', 4, 'shipped', ['TBL-200'], onItsWay('Europe/Madrid', 18, 1)),
  row('1246', 'diego', 2, 'processing', ['CHR-200']),
  row('1251', 'diego', 1, 'placed', ['CSH-100*4', 'BLK-100']),
  row('1175', 'diego', 60, 'delivered', ['COF-100'], arrived(55)),

  row('1238', 'ana', 5, 'shipped', ['RUG-200'], onItsWay('America/Sao_Paulo', 17, 2)),
  row('1247', 'ana', 2, 'confirmed', ['LMP-300*2']),
  row('1160', 'ana', 75, 'delivered', ['PAN-100', 'KNF-100'], arrived(69)),

  row('1242', 'camille', 4, 'shipped', ['SHF-200'], onItsWay('Europe/Paris', 17, 1)),
  row('1181', 'camille', 50, 'delivered', ['GLS-100', 'MUG-100*2'], arrived(46)),
  row('1140', 'camille', 95, 'returned', ['CRT-100'], { status: 'returned', deliveredDaysAgo: 90 }),

  row('1235', 'lukas', 6, 'out_for_delivery', ['HTP-100'], onTheVan('Europe/Berlin', 18)),
  row('SO-10023', 'lukas', 3, 'processing', ['SHF-100*3']),
  row('1150', 'lukas', 85, 'delivered', ['VAC-100'], arrived(81)),

  row('1237', 'layla', 5, 'shipped', ['AIR-100', 'FLT-100*2'], onItsWay('Asia/Dubai', 19, 1)),
  row('1252', 'layla', 1, 'placed', ['GLS-100*2']),
  row('1133', 'layla', 101, 'delivered', ['POT-100'], arrived(94)),

  row('1239', 'rohan', 5, 'shipped', ['KET-100'], onItsWay('Asia/Kolkata', 20, 2)),
  row('1248', 'rohan', 2, 'confirmed', ['CHR-200*2']),
  row('1129', 'rohan', 104, 'delivered', ['LMP-200'], arrived(99)),

  row('1236', 'putri', 6, 'out_for_delivery', ['BAT-100'], onTheVan('Asia/Jakarta', 17)),
  row('1253', 'putri', 1, 'placed', ['RUG-200']),
  row('1121', 'putri', 110, 'cancelled', ['BED-100']),

  row('1240', 'tom', 9, 'shipped', ['COF-100', 'GSK-100'], late(2)),
  row('1250', 'tom', 1, 'placed', ['CRT-100*2']),
  row('1169', 'tom', 66, 'delivered', ['KNF-100'], arrived(61)),
  row('1118', 'tom', 112, 'cancelled', ['TBL-100']),

  row('1243', 'sofia', 4, 'shipped', ['BLK-100*2'], onItsWay('Europe/Rome', 18, 2)),
  row('55-A', 'sofia', 2, 'confirmed', ['CHR-300*2']),
  row('1110', 'sofia', 117, 'delivered', ['MUG-100*3'], arrived(113)),

  row('1244', 'omar', 8, 'shipped', ['VAC-100'], late(1)),
  row('1254', 'omar', 1, 'placed', ['FLT-100']),
  row('1107', 'omar', 118, 'delivered', ['SHF-100'], arrived(115)),

  row('WEB/2026/00081', 'chloe', 4, 'out_for_delivery', ['LMP-200'], onTheVan('Europe/London', 15)),
  row('A1B2', 'chloe', 3, 'processing', ['BED-100']),
  row('1249', 'chloe', 2, 'confirmed', ['CSH-100*2']),
  row('1105', 'chloe', 119, 'delivered', ['POT-100', 'PAN-100'], arrived(116)),
];

const DAY_MS = 86_400_000;
const CARRIERS = ['DHL', 'UPS', 'FedEx', 'GLS'];

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS);
}

function lineOf(text: string): Order['lines'][number] {
  const [sku = '', quantity = '1'] = text.split('*');
  const product = demoProducts.find((candidate) => candidate.sku === sku);
  if (!product) throw new RangeError(`The demonstration catalogue has no ${sku}.`);
  return { sku, productName: '', quantity: Number(quantity), unitPrice: product.price };
}

function shipmentOf(ship: Ship, index: number, now: Date): Shipment {
  const trackingNumber = `PA${String(100_200_300 + index * 7919)}`;
  const shipment: Shipment = {
    carrier: CARRIERS[index % CARRIERS.length] ?? 'DHL',
    trackingNumber,
    trackingUrl: `https://tracking.example.com/${trackingNumber}`,
    status: ship.status,
  };
  if (ship.dueDaysAgo !== undefined) shipment.estimatedDelivery = daysBefore(now, ship.dueDaysAgo);
  if (ship.deliveredDaysAgo !== undefined) shipment.deliveredAt = daysBefore(now, ship.deliveredDaysAgo);
  return shipment;
}

/** The demonstration orders as they are at `now`. */
export function demoOrders(now: Date): Order[] {
  return ROWS.map(({ number, customer, daysAgo, status, lines, ship }, index) => ({
    number,
    customerId: customer,
    placedAt: daysBefore(now, daysAgo),
    status,
    lines: lines.map(lineOf),
    shipments: ship ? [shipmentOf(ship, index, now)] : [],
  }));
}

/** Arrivals that are always ahead, by order number. */
export const demoArrivals: ReadonlyMap<string, RollingEstimate> = new Map(
  ROWS.flatMap(({ number, ship }) => (ship?.arrives ? [[number, ship.arrives] as const] : [])),
);
