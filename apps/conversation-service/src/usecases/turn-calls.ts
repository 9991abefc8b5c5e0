import { AppError } from '@parley/errors';
import { passing } from '@parley/resilience';
import type { CallOutcome, Calls, JournalFrame } from '../domain/turn.js';
import type { Change, Conversation } from '../ports/conversation.js';
import type { Consent } from '../ports/consent.port.js';
import type { CustomerLookup } from '../ports/customers.port.js';
import type { CustomerView } from '../domain/turn.js';
import type { Journal } from '../ports/journal.port.js';
import type { OrderJson, OrderQuery, Orders } from '../ports/orders.port.js';
import type { InboundItem } from './inbound-item.js';
import type { Joiner } from './joiner.js';
import type { Patience } from './patience.js';

/** The systems a flow can reach. Look-ups of many conversations are joined. */
export interface Systems {
  orders: Orders;
  orderLookups: Joiner<OrderQuery, OrderJson | null>;
  customerLookups: Joiner<CustomerLookup, CustomerView[]>;
  consent: Consent;
  journal: Journal;
  patience: Patience;
}

type Args = Record<string, unknown>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

/** How one message's turn reaches other systems. */
export class TurnCalls implements Calls {
  /** Results of writing calls, to be committed with what the turn made of them. */
  readonly results: Change['results'] = [];

  constructor(
    private readonly systems: Systems,
    private readonly conversation: Conversation,
    private readonly item: InboundItem,
  ) {}

  read(operation: string, args: Args): Promise<CallOutcome> {
    return this.attempt(operation, () => this.ask(operation, args));
  }

  async write(frame: JournalFrame): Promise<CallOutcome> {
    const { step } = frame;
    await passing('conversation-service.step.deciding');
    const begun = await this.systems.journal.begin(this.conversation, this.item.id, frame);
    if (begun.outcome) return begun.outcome;
    await passing('conversation-service.step.begun');
    // What was decided first counts, whatever would be decided now.
    const outcome = await this.attempt(begun.frame.operation, () => this.perform(begun.frame));
    await passing('conversation-service.step.answered');
    this.results.push({ messageId: this.item.id, step, outcome });
    return outcome;
  }

  private async attempt(operation: string, call: () => Promise<CallOutcome>): Promise<CallOutcome> {
    try {
      return await call();
    } catch (thrown) {
      const system = operation.slice(0, operation.indexOf('.')).toUpperCase();
      return this.systems.patience.judge(this.item.id, system, AppError.from(thrown));
    }
  }

  private async ask(operation: string, args: Args): Promise<CallOutcome> {
    const { orders, orderLookups, customerLookups } = this.systems;
    switch (operation) {
      case 'erp.getOrder': {
        const order = await orderLookups.ask({ number: text(args.number), customerIds: texts(args.customerIds) });
        return order ? { ok: true, value: order } : { ok: false, reason: 'ORDER.NOT_FOUND' };
      }
      case 'erp.listOrders': {
        const limit = typeof args.limit === 'number' ? args.limit : 10;
        return { ok: true, value: await orders.list(text(args.customerId), { open: args.open === true, limit }) };
      }
      case 'crm.findCustomers': {
        const { id, whatsappUserId, phone, email } = args;
        const lookup = { id: text(id), userId: text(whatsappUserId), phone: text(phone), email: text(email) };
        return { ok: true, value: await customerLookups.ask(lookup) };
      }
      default:
        return unknownOperation(operation);
    }
  }

  private async perform({ operation, args, idempotencyKey }: JournalFrame): Promise<CallOutcome> {
    switch (operation) {
      case 'erp.cancelOrder': {
        const query = { number: text(args.number), customerIds: texts(args.customerIds) };
        return { ok: true, value: await this.systems.orders.cancel(query, text(args.reason), idempotencyKey) };
      }
      case 'consent.record': {
        const entry = {
          contact: this.conversation.contact,
          purpose: text(args.purpose),
          granted: args.granted === true,
          at: this.item.sentAt,
          evidence: this.item.id,
        };
        return { ok: true, value: await this.systems.consent.record(entry) };
      }
      default:
        return unknownOperation(operation);
    }
  }
}

function unknownOperation(operation: string): CallOutcome {
  // Content is checked when it is loaded; what gets here is a gap between the two lists of operations.
  return { ok: false, reason: `${operation.slice(0, operation.indexOf('.')).toUpperCase()}.UNIMPLEMENTED` };
}
