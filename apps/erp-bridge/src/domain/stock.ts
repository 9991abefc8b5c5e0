import type { Money } from './money.js';

/** A product of the catalogue. */
export interface Product {
  sku: string;
  name: string;
  productLine: string;
  price: Money;
  stock: number;
}

/** How many of a product there are. `available` = on hand minus the holds that have not expired. */
export interface StockLevel {
  sku: string;
  onHand: number;
  reserved: number;
  available: number;
  asOf: Date;
}

export interface Quantity {
  sku: string;
  quantity: number;
}

/** A hold on products. It counts until `expiresAt`, whether or not anybody has cleared it away since. */
export interface Reservation {
  id: string;
  customerId: string;
  lines: Quantity[];
  expiresAt: Date;
  state: 'held' | 'released' | 'confirmed';
}

/** One quantity per product, in the order of the SKUs: rows are locked in that order, so two holds cannot wait for each other. */
export function merged(lines: readonly Quantity[]): Quantity[] {
  const bySku = new Map<string, number>();
  for (const { sku, quantity } of lines) bySku.set(sku, (bySku.get(sku) ?? 0) + quantity);
  return [...bySku].map(([sku, quantity]) => ({ sku, quantity })).sort((a, b) => (a.sku < b.sku ? -1 : 1));
}

/** Whether the hold still keeps goods from others. */
export function isHeld(reservation: Pick<Reservation, 'state' | 'expiresAt'>, now: Date): boolean {
  return reservation.state === 'held' && reservation.expiresAt > now;
}

/** A product of which `asked` wants more than `had` has; undefined when there is enough of everything. */
export function exceeding(asked: readonly Quantity[], had: readonly Quantity[]): string | undefined {
  const enough = new Map(merged(had).map(({ sku, quantity }) => [sku, quantity]));
  return merged(asked).find(({ sku, quantity }) => quantity > (enough.get(sku) ?? 0))?.sku;
}
