import type { Order, Shipment } from '../domain/order.js';
import type { Quantity } from '../domain/stock.js';

/** One order, for somebody: an order of anybody else than `customerIds` is not found. */
export interface OrderQuery {
  /** Number as the customer wrote it; compared in the form of `orderKey`. */
  number: string;
  customerIds: readonly string[];
}

export interface CancelOrder extends OrderQuery {
  reason: string;
  idempotencyKey: string;
}

export interface ReturnRequest extends OrderQuery {
  /** What to send back; empty for all of it. */
  lines: readonly Quantity[];
  /** A stable word or a short phrase of the flow, not the customer's own words. */
  reason: string;
  idempotencyKey: string;
}

/** Orders of the ERP. Every write is done once per idempotency key, and a repeat gives the same answer. */
export abstract class Orders {
  /** Results in the order of the queries; undefined where there is no such order for these customers. */
  abstract find(queries: readonly OrderQuery[]): Promise<(Order | undefined)[]>;

  /** The parcels of an order, none for one that has not been packed; undefined where there is no such order for these customers. */
  async shipments(query: OrderQuery): Promise<Shipment[] | undefined> {
    const [order] = await this.find([query]);
    return order?.shipments;
  }

  /** The latest first; with `open` only those the customer still waits for. */
  abstract list(customerId: string, options: { open: boolean; limit: number }): Promise<Order[]>;

  /** @throws AppError `ORDER.NOT_FOUND`, `ORDER.NOT_CANCELLABLE`, `IDEMPOTENCY.KEY_REUSED` */
  abstract cancel(request: CancelOrder): Promise<Order>;

  /**
   * Returns the id of the return.
   * @throws AppError `ORDER.NOT_FOUND`, `ORDER.NOT_RETURNABLE`, `ORDER.NOT_IN_ORDER`, `IDEMPOTENCY.KEY_REUSED`
   */
  abstract requestReturn(request: ReturnRequest): Promise<string>;
}
