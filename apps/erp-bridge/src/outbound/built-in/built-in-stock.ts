import type { Database, Tx } from '@parley/postgres';
import { orderFact } from '../../domain/business-event.js';
import { productNotFound, reservationExpired, reservationNotFound, stockInsufficient } from '../../domain/errors.js';
import type { Order } from '../../domain/order.js';
import { isHeld, merged, type Quantity, type StockLevel } from '../../domain/stock.js';
import { Stock, type ReserveStock } from '../../ports/stock.port.js';
import { fromRow, ORDER_COLUMNS, type OrderRow } from './order-rows.js';
import { nextNumber, type Writes } from './writes.js';

const LEVELS = `select p.sku, p.on_hand as "onHand", coalesce(h.reserved, 0)::integer as reserved
  from products p left join lateral (
    select sum(l.quantity) as reserved from reservation_lines l join reservations r on r.id = l.reservation_id
    where l.sku = p.sku and r.state = 'held' and r.expires_at > $2) h on true
  where p.sku = any($1::text[])`;

const HOLD = `with held as (
    insert into reservations (id, customer_id, expires_at, state) values ($1, $2, $3, 'held') returning id
  ) insert into reservation_lines (reservation_id, sku, quantity)
    select held.id, line.sku, line.quantity
    from held, jsonb_to_recordset($4::jsonb) as line(sku text, quantity integer)`;

const TAKE = `with lines as (select sku, quantity from reservation_lines where reservation_id = $1),
  taken as (
    update products p set on_hand = on_hand - lines.quantity from lines where p.sku = lines.sku
    returning p.sku, lines.quantity, p.price_amount, p.price_currency)
  insert into orders (number_key, number, customer_id, placed_at, status, lines, shipments, stock_taken)
  select $2, $2, $3, $4, 'confirmed', jsonb_agg(jsonb_build_object('sku', sku, 'quantity', quantity, 'unitPrice',
      jsonb_build_object('amount', price_amount::text, 'currency', price_currency)) order by sku), '[]', true
  from taken`;

// The idempotency answers of 30 days ago go with the marks of the inbox; nobody repeats anything that old.
const SWEEP = `with gone as (
    update reservations set state = 'released' where state = 'held' and expires_at <= $1 returning 1
  ), forgotten as (delete from idempotency where created_at < $1::timestamptz - interval '30 days' returning 1)
  select (select count(*) from gone)::integer as swept`;

interface ReservationRow {
  id: string;
  customerId: string;
  expiresAt: Date;
  state: 'held' | 'released' | 'confirmed';
}

/** Stock and holds in Postgres. */
export class BuiltInStock extends Stock {
  constructor(
    private readonly db: Database,
    private readonly writes: Writes,
  ) {
    super();
  }

  async levels(skus: readonly string[]): Promise<StockLevel[]> {
    const levels = await this.#levels(this.db, skus);
    return [...new Set(skus)].flatMap((sku) => levels.get(sku) ?? []);
  }

  async reserve({ idempotencyKey, ...request }: ReserveStock): Promise<{ reservationId: string; expiresAt: Date }> {
    return this.writes.once({ operation: 'reserveStock', key: idempotencyKey, request }, async (tx) => {
      const lines = merged(request.lines);
      const skus = lines.map(({ sku }) => sku);
      // The products are locked first: who comes second counts the hold of who came first.
      await tx.query('select 1 from products where sku = any($1::text[]) order by sku for update', [skus]);
      const levels = await this.#levels(tx, skus);
      for (const line of lines) checkAvailable(line, levels.get(line.sku));
      const reservationId = await nextNumber(tx, 'RSV', 'orders');
      const expiresAt = new Date(this.writes.now().getTime() + request.ttlSeconds * 1000);
      await tx.query(HOLD, [reservationId, request.customerId, expiresAt, JSON.stringify(lines)]);
      return { answer: { reservationId, expiresAt }, facts: [] };
    });
  }

  async release(reservationId: string, idempotencyKey: string): Promise<boolean> {
    const write = { operation: 'releaseReservation', key: idempotencyKey, request: { reservationId } };
    return this.writes.once(write, async (tx) => {
      const reservation = await this.#lock(tx, reservationId);
      const held = isHeld(reservation, this.writes.now());
      if (held) await tx.query(`update reservations set state = 'released' where id = $1`, [reservationId]);
      return { answer: held, facts: [] };
    });
  }

  async confirm(reservationId: string, idempotencyKey: string): Promise<Order> {
    const write = { operation: 'confirmReservation', key: idempotencyKey, request: { reservationId } };
    return this.writes.once(write, async (tx) => {
      const reservation = await this.#lock(tx, reservationId);
      if (!isHeld(reservation, this.writes.now())) throw reservationExpired();
      await tx.query(`update reservations set state = 'confirmed' where id = $1`, [reservationId]);
      const number = await nextNumber(tx, 'SO', 'orders');
      const lock = `select 1 from products where sku in (select sku from reservation_lines where reservation_id = $1)
        order by sku for update`;
      await tx.query(lock, [reservationId]);
      await tx.query(TAKE, [reservationId, number, reservation.customerId, this.writes.now()]);
      const sql = `select ${ORDER_COLUMNS} from orders o where o.number_key = $1`;
      const [row] = await tx.query<OrderRow>(sql, [number]);
      const order = fromRow(row as OrderRow, this.writes.now());
      return { answer: order, facts: orderFact(order) };
    });
  }

  async sweep(): Promise<number> {
    const [row] = await this.db.query<{ swept: number }>(SWEEP, [this.writes.now()]);
    return row?.swept ?? 0;
  }

  async #levels(db: Tx, skus: readonly string[]): Promise<Map<string, StockLevel>> {
    const asOf = this.writes.now();
    const rows = await db.query<{ sku: string; onHand: number; reserved: number }>(LEVELS, [skus, asOf]);
    return new Map(rows.map((row) => [row.sku, { ...row, available: row.onHand - row.reserved, asOf }]));
  }

  async #lock(tx: Tx, id: string): Promise<ReservationRow> {
    const sql = `select id, customer_id as "customerId", expires_at as "expiresAt", state
      from reservations where id = $1 for update`;
    const [row] = await tx.query<ReservationRow>(sql, [id]);
    if (!row) throw reservationNotFound();
    return row;
  }
}

function checkAvailable({ sku, quantity }: Quantity, level: StockLevel | undefined): void {
  if (!level) throw productNotFound(sku);
  if (level.available < quantity) throw stockInsufficient(sku, level.available);
}
