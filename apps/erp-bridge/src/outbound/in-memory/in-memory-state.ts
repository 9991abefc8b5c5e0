import { AppError } from '@parley/errors';
import type { BusinessFact } from '../../domain/business-event.js';
import { fingerprint } from '../../domain/canonical.js';
import { keyMissing, keyReused } from '../../domain/errors.js';
import type { Invoice } from '../../domain/invoice.js';
import type { Money } from '../../domain/money.js';
import type { Order } from '../../domain/order.js';
import type { Product, Reservation } from '../../domain/stock.js';
import type { Technician, WorkOrder } from '../../domain/work-order.js';

/** What the in-memory adapters share: a whole small ERP. */
export class InMemoryState {
  readonly products = new Map<string, Product>();
  readonly orders = new Map<string, Order>();
  readonly invoices = new Map<string, Invoice>();
  readonly technicians = new Map<string, Technician>();
  readonly workOrders = new Map<string, WorkOrder>();
  readonly reservations = new Map<string, Reservation>();
  readonly refunds: { orderKey: string; amount: Money }[] = [];
  readonly fingerprints = new Map<string, string>();
  /** What was published, in order. */
  readonly facts: BusinessFact[] = [];
  readonly #answers = new Map<string, { request: string; answer?: unknown; refusal?: AppError }>();
  #sequence = 100_000;

  constructor(readonly now: () => Date) {}

  /** A number nobody has. */
  next(prefix: string): string {
    this.#sequence += 1;
    return `${prefix}-${this.#sequence}`;
  }

  /** Does `effect` once per key; a repeat gets the same answer or refusal, another request under the key is refused. */
  once<T>(operation: string, key: string, request: unknown, effect: () => T): T {
    if (key === '') throw keyMissing();
    const hash = fingerprint({ operation, request });
    const known = this.#answers.get(key);
    if (known && known.request !== hash) throw keyReused();
    if (known?.refusal !== undefined) throw known.refusal;
    if (known) return structuredClone(known.answer) as T;
    try {
      const answer = effect();
      this.#answers.set(key, { request: hash, answer: structuredClone(answer) });
      return answer;
    } catch (thrown) {
      const refusal = AppError.from(thrown);
      this.#answers.set(key, { request: hash, refusal });
      throw refusal;
    }
  }
}
