import { failedPrecondition, notFound, type AppError } from '@parley/errors';
import type { CustomerView, Understanding } from '../../domain/turn.js';
import { Consent, type ConsentEntry } from '../../ports/consent.port.js';
import { Customers, type CustomerLookup } from '../../ports/customers.port.js';
import { Orders, type OrderJson, type OrderQuery } from '../../ports/orders.port.js';
import { Understander, type Utterance } from '../../ports/understanding.port.js';

/** Something a test can switch off. */
class Switchable {
  /** Calls made, one entry a call with the number of questions in it. */
  readonly calls: number[] = [];
  /** Thrown by every call while set. */
  failure: AppError | null = null;

  called(questions: number): void {
    this.calls.push(questions);
    if (this.failure) throw this.failure;
  }
}

/** Understands what it was taught; anything else is out of scope. */
export class InMemoryUnderstander extends Understander {
  readonly switch = new Switchable();
  private readonly known = new Map<string, Partial<Understanding>>();

  teach(text: string, understanding: Partial<Understanding>): void {
    this.known.set(text, understanding);
  }

  override async understand(utterances: readonly Utterance[]): Promise<Understanding[]> {
    this.switch.called(utterances.length);
    const nothing = { intent: 'oos', confidence: 0, alternatives: [], entities: [], language: '' };
    return utterances.map(({ text }) => ({ ...nothing, ...this.known.get(text) }));
  }
}

/** Customers in a list. */
export class InMemoryCustomers extends Customers {
  readonly switch = new Switchable();
  readonly customers: (CustomerView & { userId?: string })[] = [];

  override async find(lookups: readonly CustomerLookup[]): Promise<CustomerView[][]> {
    this.switch.called(lookups.length);
    const digits = (phone: string | null): string => (phone ?? '').replaceAll(/\D/g, '');
    return lookups.map(({ id, userId, phone, email }) =>
      this.customers.filter((customer) => {
        if (id) return customer.id === id;
        if (userId) return customer.userId === userId;
        if (phone) return digits(customer.phone) === digits(phone);
        return email !== undefined && email !== '' && customer.email === email;
      }),
    );
  }
}

/** Orders in a list; cancelling twice with one key is cancelling once. */
export class InMemoryOrders extends Orders {
  readonly switch = new Switchable();
  readonly orders: (OrderJson & { number: string; customerId: string })[] = [];
  /** Cancellations by idempotency key, with how often each was asked for. */
  readonly cancelled = new Map<string, { number: string; times: number }>();

  override async get(queries: readonly OrderQuery[]): Promise<(OrderJson | null)[]> {
    this.switch.called(queries.length);
    return queries.map((query) => this.visible(query) ?? null);
  }

  override async list(customerId: string, { limit }: { open: boolean; limit: number }): Promise<OrderJson[]> {
    this.switch.called(1);
    return this.orders.filter((order) => order.customerId === customerId).slice(0, limit);
  }

  override async cancel(query: OrderQuery, _reason: string, idempotencyKey: string): Promise<OrderJson> {
    this.switch.called(1);
    const order = this.visible(query);
    if (!order) throw notFound('ORDER.NOT_FOUND', 'There is no such order.');
    const known = this.cancelled.get(idempotencyKey);
    if (known) {
      known.times += 1;
      return order;
    }
    if (order.cancellable === false) throw failedPrecondition('ORDER.NOT_CANCELLABLE', 'It cannot be cancelled.');
    this.cancelled.set(idempotencyKey, { number: query.number, times: 1 });
    Object.assign(order, { status: 'cancelled', cancellable: false });
    return order;
  }

  private visible({ number, customerIds }: OrderQuery): (OrderJson & { number: string }) | undefined {
    return this.orders.find((order) => order.number === number && customerIds.includes(order.customerId));
  }
}

/** A ledger in a list; the wamid writes once. */
export class InMemoryConsent extends Consent {
  readonly switch = new Switchable();
  readonly entries: ConsentEntry[] = [];

  override async record(entry: ConsentEntry): ReturnType<Consent['record']> {
    this.switch.called(1);
    const known = this.entries.some(({ evidence }) => evidence === entry.evidence);
    if (!known) this.entries.push(entry);
    return { entryId: entry.evidence, created: !known, changed: !known };
  }
}
