import type { Order } from '../domain/order.js';
import type { Quantity, StockLevel } from '../domain/stock.js';

export interface ReserveStock {
  lines: readonly Quantity[];
  customerId: string;
  ttlSeconds: number;
  idempotencyKey: string;
}

/** Stock and holds on it. An expired hold stops counting at its second, whether or not `sweep` has run. */
export abstract class Stock {
  /** Levels of the products that exist, in the order of the SKUs asked for. */
  abstract levels(skus: readonly string[]): Promise<StockLevel[]>;

  /** @throws AppError `PRODUCT.NOT_FOUND`, `STOCK.INSUFFICIENT`, `IDEMPOTENCY.KEY_REUSED` */
  abstract reserve(request: ReserveStock): Promise<{ reservationId: string; expiresAt: Date }>;

  /** False when there was nothing to give back any more. @throws AppError `RESERVATION.NOT_FOUND`, `IDEMPOTENCY.KEY_REUSED` */
  abstract release(reservationId: string, idempotencyKey: string): Promise<boolean>;

  /** Takes the goods off the shelf and makes an order of them. @throws AppError `RESERVATION.NOT_FOUND`, `RESERVATION.EXPIRED`, `IDEMPOTENCY.KEY_REUSED` */
  abstract confirm(reservationId: string, idempotencyKey: string): Promise<Order>;

  /** Clears expired holds away; correctness does not depend on it. Returns how many. */
  abstract sweep(): Promise<number>;
}
