import { normaliseOrderNumber } from '../../domain/order-number.js';
import { TranscriptError, wordsOf, type Setting } from '../../domain/transcript.js';
import type { CallOutcome, Calls, CustomerView, JournalFrame } from '../../domain/turn.js';
import type { Stage } from '../../domain/stage.js';

type Order = Record<string, unknown> & { number: string; customerId: string; status: string };
type Args = Record<string, unknown>;

const OPEN = new Set(['placed', 'confirmed', 'processing', 'shipped', 'out_for_delivery']);
const CANCELLABLE = new Set(['placed', 'confirmed', 'processing']);

/** ERP, CRM and consent ledger in memory, with the customers and orders that a scene names. */
export class InMemoryStage implements Stage, Calls {
  readonly customers = new Map<string, CustomerView>();
  private readonly orders: Order[] = [];
  private readonly done = new Map<string, CallOutcome>();
  private readonly systemsAway = new Set<string>();

  constructor(settings: readonly Setting[]) {
    for (const { name, text, line } of settings) {
      if (name === 'customer') this.addCustomer(text);
      else if (name === 'order') this.addOrder(text, line);
    }
  }

  get calls(): Calls {
    return this;
  }

  away(system: string, away: boolean): void {
    if (away) this.systemsAway.add(system);
    else this.systemsAway.delete(system);
  }

  read(operation: string, args: Args): Promise<CallOutcome> {
    return Promise.resolve(this.awayOr(operation, () => this.ask(operation, args)));
  }

  write({ operation, args, idempotencyKey }: JournalFrame): Promise<CallOutcome> {
    const known = this.done.get(idempotencyKey);
    if (known !== undefined) return Promise.resolve(known);
    const outcome = this.awayOr(operation, () => this.perform(operation, args));
    if (outcome.ok) this.done.set(idempotencyKey, outcome);
    return Promise.resolve(outcome);
  }

  private awayOr(operation: string, work: () => CallOutcome): CallOutcome {
    const system = operation.split('.')[0]!;
    return this.systemsAway.has(system) ? { ok: false, reason: `${system.toUpperCase()}.UNAVAILABLE` } : work();
  }

  private ask(operation: string, args: Args): CallOutcome {
    if (operation === 'erp.getOrder') {
      const order = this.find(args);
      return order === undefined ? notFound() : { ok: true, value: order };
    }
    if (operation === 'erp.listOrders') {
      const own = this.orders.filter(
        (o) => o.customerId === args.customerId && (args.open !== true || OPEN.has(o.status)),
      );
      return { ok: true, value: own.slice(0, Number(args.limit ?? 10)) };
    }
    if (operation === 'crm.findCustomers') {
      return {
        ok: true,
        value: [...this.customers.values()].filter((c) => c.email !== null && c.email === args.email),
      };
    }
    throw new Error(`no in-memory ${operation}`);
  }

  private perform(operation: string, args: Args): CallOutcome {
    if (operation === 'consent.record')
      return { ok: true, value: { entryId: 'entry-1', created: true, changed: true } };
    const order = this.find(args);
    if (order === undefined) return notFound();
    if (!CANCELLABLE.has(order.status)) return { ok: false, reason: 'ORDER.NOT_CANCELLABLE' };
    Object.assign(order, { status: 'cancelled', cancellable: false });
    return { ok: true, value: order };
  }

  private find(args: Args): Order | undefined {
    const wanted = normaliseOrderNumber(String(args.number));
    const ids = args.customerIds as string[];
    return this.orders.find((o) => normaliseOrderNumber(o.number) === wanted && ids.includes(o.customerId));
  }

  private addCustomer(text: string): void {
    const { words, pairs } = wordsOf(text);
    const id = words[0] ?? 'customer';
    const { name = id, phone = null, email = null, language = null, zone: timeZone = null, tier = null } = pairs;
    this.customers.set(id, { id, name, phone, email, language, timeZone, tier, tags: [] });
  }

  private addOrder(text: string, line: number): void {
    const { words, pairs } = wordsOf(text);
    const {
      customer = [...this.customers.keys()][0],
      status = 'confirmed',
      due,
      delivered,
      placed,
      cancellable,
    } = pairs;
    if (words[0] === undefined || customer === undefined)
      throw new TranscriptError(`line ${line}: an order needs a number and a customer`);
    const shipment = { status: delivered ? 'delivered' : 'in_transit', estimatedDelivery: due, deliveredAt: delivered };
    const waiting = { ...shipment, status: 'pending' };
    const sent = !CANCELLABLE.has(status);
    this.orders.push({
      number: words[0],
      customerId: customer,
      status,
      placedAt: placed,
      shipments: sent ? [shipment] : due === undefined ? [] : [waiting],
      cancellable: CANCELLABLE.has(status) && cancellable !== 'false',
    });
  }
}

const notFound = (): CallOutcome => ({ ok: false, reason: 'ORDER.NOT_FOUND' });
