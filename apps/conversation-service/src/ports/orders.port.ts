/** An order with JSON values only: enums as lower-case words, times as ISO strings. */
export type OrderJson = Record<string, unknown>;

/** One order, for somebody. */
export interface OrderQuery {
  /** Number as the customer wrote it. */
  number: string;
  /** CRM ids that may see it. */
  customerIds: string[];
}

/** Orders as the ERP has them. Somebody else's order does not exist. */
export abstract class Orders {
  /**
   * One result per query, in order; null for none.
   * @throws AppError retryable when the bridge is away; UNAVAILABLE `ERP.UNAVAILABLE` when the ERP behind it is
   */
  abstract get(queries: readonly OrderQuery[]): Promise<(OrderJson | null)[]>;

  /** Orders of a customer, the latest first. */
  abstract list(customerId: string, options: { open: boolean; limit: number }): Promise<OrderJson[]>;

  /**
   * Cancels an order; the same key does it once and gives the same answer.
   * @throws AppError NOT_FOUND `ORDER.NOT_FOUND`, FAILED_PRECONDITION `ORDER.NOT_CANCELLABLE`
   */
  abstract cancel(query: OrderQuery, reason: string, idempotencyKey: string): Promise<OrderJson>;
}
