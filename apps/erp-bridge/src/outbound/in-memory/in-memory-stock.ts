import { orderFact } from '../../domain/business-event.js';
import { productNotFound, reservationExpired, reservationNotFound, stockInsufficient } from '../../domain/errors.js';
import { orderKey } from '../../domain/order-number.js';
import type { Order } from '../../domain/order.js';
import { isHeld, merged, type Product, type Quantity, type Reservation, type StockLevel } from '../../domain/stock.js';
import { Stock, type ReserveStock } from '../../ports/stock.port.js';
import type { InMemoryState } from './in-memory-state.js';

export class InMemoryStock extends Stock {
  constructor(private readonly state: InMemoryState) {
    super();
  }

  async levels(skus: readonly string[]): Promise<StockLevel[]> {
    return [...new Set(skus)].flatMap((sku) => {
      const product = this.state.products.get(sku);
      return product ? [this.#level(product)] : [];
    });
  }

  async reserve({ idempotencyKey, ...request }: ReserveStock): Promise<{ reservationId: string; expiresAt: Date }> {
    return this.state.once('reserveStock', idempotencyKey, request, () => {
      const lines = merged(request.lines);
      for (const line of lines) this.#checkAvailable(line);
      const expiresAt = new Date(this.state.now().getTime() + request.ttlSeconds * 1000);
      const reservation: Reservation = {
        id: this.state.next('RSV'),
        customerId: request.customerId,
        lines,
        expiresAt,
        state: 'held',
      };
      this.state.reservations.set(reservation.id, reservation);
      return { reservationId: reservation.id, expiresAt };
    });
  }

  async release(reservationId: string, idempotencyKey: string): Promise<boolean> {
    return this.state.once('releaseReservation', idempotencyKey, { reservationId }, () => {
      const reservation = this.#reservation(reservationId);
      const held = isHeld(reservation, this.state.now());
      if (held) reservation.state = 'released';
      return held;
    });
  }

  async confirm(reservationId: string, idempotencyKey: string): Promise<Order> {
    return this.state.once('confirmReservation', idempotencyKey, { reservationId }, () => {
      const reservation = this.#reservation(reservationId);
      if (!isHeld(reservation, this.state.now())) throw reservationExpired();
      reservation.state = 'confirmed';
      const order: Order = {
        number: this.state.next('SO'),
        customerId: reservation.customerId,
        placedAt: this.state.now(),
        status: 'confirmed',
        lines: reservation.lines.map((line) => this.#take(line)),
        shipments: [],
      };
      this.state.orders.set(orderKey(order.number), order);
      this.state.facts.push(...orderFact(order));
      return structuredClone(order);
    });
  }

  async sweep(): Promise<number> {
    const expired = [...this.state.reservations.values()].filter(
      (reservation) => reservation.state === 'held' && !isHeld(reservation, this.state.now()),
    );
    for (const reservation of expired) reservation.state = 'released';
    return expired.length;
  }

  #checkAvailable({ sku, quantity }: Quantity): void {
    const product = this.state.products.get(sku);
    if (!product) throw productNotFound(sku);
    const { available } = this.#level(product);
    if (available < quantity) throw stockInsufficient(sku, available);
  }

  #reservation(id: string): Reservation {
    const reservation = this.state.reservations.get(id);
    if (!reservation) throw reservationNotFound();
    return reservation;
  }

  #take({ sku, quantity }: Quantity): Order['lines'][number] {
    const product = this.state.products.get(sku);
    if (!product) throw productNotFound(sku);
    product.stock -= quantity;
    return { sku, productName: product.name, quantity, unitPrice: product.price };
  }

  #level({ sku, stock }: Product): StockLevel {
    const asOf = this.state.now();
    const holds = [...this.state.reservations.values()].filter((reservation) => isHeld(reservation, asOf));
    const lines = holds.flatMap((reservation) => reservation.lines.filter((line) => line.sku === sku));
    const reserved = lines.reduce((sum, line) => sum + line.quantity, 0);
    return { sku, onHand: stock, reserved, available: stock - reserved, asOf };
  }
}
