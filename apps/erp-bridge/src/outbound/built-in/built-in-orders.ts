import type { Database, Tx } from '@parley/postgres';
import { passing } from '@parley/resilience';
import { orderFact } from '../../domain/business-event.js';
import { notInOrder, orderNotCancellable, orderNotFound, orderNotReturnable } from '../../domain/errors.js';
import { orderKey } from '../../domain/order-number.js';
import { CLOSED_STATUSES, isCancellable, isReturnable, type Order } from '../../domain/order.js';
import { exceeding } from '../../domain/stock.js';
import { Orders, type CancelOrder, type OrderQuery, type ReturnRequest } from '../../ports/orders.port.js';
import { fromRow, ORDER_COLUMNS, type OrderRow } from './order-rows.js';
import { nextNumber, type Writes } from './writes.js';

const FIND = `select q.n, ${ORDER_COLUMNS}
  from jsonb_to_recordset($1::jsonb) as q(n integer, key text, owners text[])
  join orders o on o.number_key = q.key and o.customer_id = any(q.owners)`;

const LIST = `select ${ORDER_COLUMNS} from orders o
  where o.customer_id = $1 and not o.status = any($2::text[])
  order by o.placed_at desc, o.number limit $3`;

const LOCK = `select ${ORDER_COLUMNS}, o.stock_taken as "stockTaken" from orders o
  where o.number_key = $1 and o.customer_id = any($2::text[]) for update of o`;

const PUT_BACK = `update products p set on_hand = on_hand + line.quantity
  from jsonb_to_recordset($1::jsonb) as line(sku text, quantity integer) where p.sku = line.sku`;

/** Orders in Postgres. */
export class BuiltInOrders extends Orders {
  constructor(
    private readonly db: Database,
    private readonly writes: Writes,
  ) {
    super();
  }

  async find(queries: readonly OrderQuery[]): Promise<(Order | undefined)[]> {
    const found: (Order | undefined)[] = queries.map(() => undefined);
    if (queries.length === 0) return found;
    const asked = queries.map((query, n) => ({ n, key: orderKey(query.number), owners: query.customerIds }));
    const rows = await this.db.query<OrderRow & { n: number }>(FIND, [JSON.stringify(asked)]);
    const now = this.writes.now();
    for (const row of rows) found[row.n] = fromRow(row, now);
    await passing('erp-bridge.read.answering');
    return found;
  }

  async list(customerId: string, { open, limit }: { open: boolean; limit: number }): Promise<Order[]> {
    const rows = await this.db.query<OrderRow>(LIST, [customerId, open ? CLOSED_STATUSES : [], limit]);
    const now = this.writes.now();
    return rows.map((row) => fromRow(row, now));
  }

  async cancel({ idempotencyKey, ...request }: CancelOrder): Promise<Order> {
    return this.writes.once({ operation: 'cancelOrder', key: idempotencyKey, request }, async (tx) => {
      const { order, stockTaken } = await this.#lock(tx, request);
      if (!isCancellable(order)) throw orderNotCancellable(order.status);
      const key = orderKey(order.number);
      await tx.query(`update orders set status = 'cancelled', stock_taken = false where number_key = $1`, [key]);
      if (stockTaken) await tx.query(PUT_BACK, [JSON.stringify(order.lines)]);
      const cancelled: Order = { ...order, status: 'cancelled' };
      return { answer: cancelled, facts: orderFact(cancelled) };
    });
  }

  async requestReturn({ idempotencyKey, ...request }: ReturnRequest): Promise<string> {
    return this.writes.once({ operation: 'requestReturn', key: idempotencyKey, request }, async (tx) => {
      const { order } = await this.#lock(tx, request);
      if (!isReturnable(order)) throw orderNotReturnable(order.status);
      const sku = exceeding(request.lines, order.lines);
      if (sku !== undefined) throw notInOrder(sku);
      const id = await nextNumber(tx, 'RET', 'orders');
      const sql =
        'insert into order_returns (id, number_key, lines, reason, created_at) values ($1, $2, $3::jsonb, $4, $5)';
      const lines = JSON.stringify(request.lines.length > 0 ? request.lines : quantities(order));
      await tx.query(sql, [id, orderKey(order.number), lines, request.reason, this.writes.now()]);
      return { answer: id, facts: [] };
    });
  }

  async #lock(tx: Tx, { number, customerIds }: OrderQuery): Promise<{ order: Order; stockTaken: boolean }> {
    const [row] = await tx.query<OrderRow & { stockTaken: boolean }>(LOCK, [orderKey(number), customerIds]);
    if (!row) throw orderNotFound();
    return { order: fromRow(row, this.writes.now()), stockTaken: row.stockTaken };
  }
}

function quantities(order: Order): { sku: string; quantity: number }[] {
  return order.lines.map(({ sku, quantity }) => ({ sku, quantity }));
}
