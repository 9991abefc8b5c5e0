import { orderFact } from '../../domain/business-event.js';
import { notInOrder, orderNotCancellable, orderNotFound, orderNotReturnable } from '../../domain/errors.js';
import { orderKey } from '../../domain/order-number.js';
import { isCancellable, isOpen, isReturnable, type Order } from '../../domain/order.js';
import { exceeding } from '../../domain/stock.js';
import { Orders, type CancelOrder, type OrderQuery, type ReturnRequest } from '../../ports/orders.port.js';
import type { InMemoryState } from './in-memory-state.js';

export class InMemoryOrders extends Orders {
  constructor(private readonly state: InMemoryState) {
    super();
  }

  async find(queries: readonly OrderQuery[]): Promise<(Order | undefined)[]> {
    return queries.map((query) => this.#owned(query));
  }

  async list(customerId: string, options: { open: boolean; limit: number }): Promise<Order[]> {
    return [...this.state.orders.values()]
      .filter((order) => order.customerId === customerId && (!options.open || isOpen(order)))
      .sort((a, b) => b.placedAt.getTime() - a.placedAt.getTime() || (a.number < b.number ? -1 : 1))
      .slice(0, options.limit)
      .map((order) => this.#named(order));
  }

  async cancel({ idempotencyKey, ...request }: CancelOrder): Promise<Order> {
    return this.state.once('cancelOrder', idempotencyKey, request, () => {
      const order = this.#owned(request);
      if (!order) throw orderNotFound();
      if (!isCancellable(order)) throw orderNotCancellable(order.status);
      const cancelled: Order = { ...order, status: 'cancelled' };
      this.state.orders.set(orderKey(order.number), cancelled);
      this.state.facts.push(...orderFact(cancelled));
      return structuredClone(cancelled);
    });
  }

  async requestReturn({ idempotencyKey, ...request }: ReturnRequest): Promise<string> {
    return this.state.once('requestReturn', idempotencyKey, request, () => {
      const order = this.#owned(request);
      if (!order) throw orderNotFound();
      if (!isReturnable(order)) throw orderNotReturnable(order.status);
      const sku = exceeding(request.lines, order.lines);
      if (sku !== undefined) throw notInOrder(sku);
      return this.state.next('RET');
    });
  }

  #owned({ number, customerIds }: OrderQuery): Order | undefined {
    const order = this.state.orders.get(orderKey(number));
    return order && customerIds.includes(order.customerId) ? this.#named(order) : undefined;
  }

  #named(order: Order): Order {
    const lines = order.lines.map((line) => ({ ...line, productName: this.state.products.get(line.sku)?.name ?? '' }));
    return { ...structuredClone(order), lines };
  }
}
