import type { erp } from '@parley/contracts';
import { notFound } from '@parley/errors';
import type { Promised } from '@parley/grpc';
import { Orders, type OrderJson, type OrderQuery } from '../../ports/orders.port.js';

/** A vendor may take its time to write; a customer waits for the answer. */
const WRITE_MS = 5000;

/** The ERP bridge over gRPC: one call for all look-ups. */
export class GrpcOrders extends Orders {
  constructor(private readonly client: Promised<erp.ErpServiceClient>) {
    super();
  }

  override async get(queries: readonly OrderQuery[]): Promise<(OrderJson | null)[]> {
    const { results } = await this.client.getOrders({ queries: [...queries] });
    return results.map(({ order }) => (order ? { ...order } : null));
  }

  override async list(customerId: string, options: { open: boolean; limit: number }): Promise<OrderJson[]> {
    const { orders } = await this.client.listOrders({ customerId, ...options });
    return orders.map((order) => ({ ...order }));
  }

  override async cancel(query: OrderQuery, reason: string, idempotencyKey: string): Promise<OrderJson> {
    const { order } = await this.client.cancelOrder({ ...query, reason, idempotencyKey }, { deadlineMs: WRITE_MS });
    if (!order) throw notFound('ORDER.NOT_FOUND', 'The ERP answered without an order.');
    return { ...order };
  }
}
