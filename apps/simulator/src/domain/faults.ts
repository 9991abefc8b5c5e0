import { z } from 'zod';
import type { Random } from './random.js';

const probability = z.number().min(0).max(1);
const milliseconds = z.number().int().min(0).max(3_600_000);
const spanOfMs = z.strictObject({ min: milliseconds.default(0), max: milliseconds.default(0) });

const sendFault = z.strictObject({
  /**
   * `graph_error`: a Graph error body. `http_error`: a status without one. `timeout`: no answer, ever. `reset`: the
   * connection is cut. `delay`: the answer comes late. `failed_status`: accepted, then a `failed` webhook.
   */
  kind: z.enum(['graph_error', 'http_error', 'timeout', 'reset', 'delay', 'failed_status']),
  /** Graph error code, for graph_error and failed_status. */
  code: z.number().int().default(131000),
  details: z.string().max(500).optional(),
  http_status: z.number().int().min(400).max(599).optional(),
  /** Whether the message is taken (and delivered) all the same; for http_error, timeout and reset. */
  accepted: z.boolean().default(false),
  /** How late the answer is (delay), or how long the connection is held before it is cut (timeout). */
  delay_ms: milliseconds.default(60_000),
  retry_after: z.number().int().min(0).optional(),
  probability: probability.default(1),
  /** How many sends it still strikes; absent: until taken away. */
  next: z.number().int().min(0).optional(),
  /** Only sends to this phone or user id. */
  to: z.string().optional(),
});

const statusFaults = z.strictObject({
  sent_ms: milliseconds.default(50),
  delivered_ms: milliseconds.default(250),
  read_ms: milliseconds.default(1_500),
  /** The last status that is reported. */
  upto: z.enum(['none', 'sent', 'delivered', 'read']).default('read'),
  drop: probability.default(0),
  /** Each status is delivered one to this many times. */
  duplicates: z.number().int().min(1).max(20).default(1),
  /** All statuses of a send leave at once, in random order. */
  shuffle: z.boolean().default(false),
  delay_ms: spanOfMs.prefault({}),
  /** Statuses are delivered before the send itself is answered. */
  before_answer: z.boolean().default(false),
});

const webhookFaults = z.strictObject({
  duplicates: z.number().int().min(1).max(20).default(1),
  /** Items held together are delivered in random order; order between customers and of one customer is lost. */
  shuffle: z.boolean().default(false),
  /** How long items are collected for shuffling and batching. */
  hold_ms: milliseconds.default(0),
  /** Most items in one POST. */
  batch: z.number().int().min(1).max(1_000).default(1),
  order: z.enum(['per_customer', 'global', 'none']).default('per_customer'),
  delay_ms: spanOfMs.prefault({}),
  /** As if every customer hid the number. */
  hide_phones: z.boolean().default(false),
  /** The share of items that come without number: what a username roll-out looks like. */
  hide_phones_probability: probability.default(0),
  signature: z.enum(['valid', 'missing', 'wrong']).default('valid'),
  drop: probability.default(0),
  /** First wait after an answer other than 200; doubles each time. */
  retry_ms: milliseconds.min(1).default(1_000),
  retry_max_ms: milliseconds.min(1).default(3_600_000),
  /** How long an item is tried at all. */
  give_up_ms: z
    .number()
    .int()
    .min(0)
    .default(7 * 24 * 3_600_000),
  /** Nothing is delivered until this is false again; items wait. */
  paused: z.boolean().default(false),
});

const limits = z.strictObject({
  messages_per_second: z.number().int().min(0).max(100_000).default(80),
  pair: z.boolean().default(true),
  /** How a free-form send outside the 24 hours is refused: by a `failed` status (as Meta does), in the answer, or not. */
  window: z.enum(['status', 'answer', 'off']).default('status'),
  /** Whether a template must exist, be approved and get as many parameters as it has. */
  templates: z.boolean().default(true),
});

const behaviour = z.strictObject({
  sends: z.array(sendFault).max(100).default([]),
  statuses: statusFaults.prefault({}),
  webhooks: webhookFaults.prefault({}),
  limits: limits.prefault({}),
});

export type SendFault = z.output<typeof sendFault>;
export type Behaviour = z.output<typeof behaviour>;
export type BehaviourInput = z.input<typeof behaviour>;

/** How the simulated Meta behaves just now. Defaults are a good day with the documented limits. */
export class Faults {
  private current: Behaviour;

  constructor(private readonly defaults: BehaviourInput = {}) {
    this.current = behaviour.parse(defaults);
  }

  get behaviour(): Behaviour {
    return this.current;
  }

  /**
   * Replaces the sections that are given (anything left out inside one returns to its default) and leaves the others.
   * @throws ZodError when a name or value is unknown
   */
  set(input: unknown): Behaviour {
    const given = z.record(z.string(), z.unknown()).parse(input);
    const sections: Record<string, unknown> = { ...this.current, ...given };
    if (given['limits'] !== undefined) {
      sections['limits'] = { ...this.defaults.limits, ...z.record(z.string(), z.unknown()).parse(given['limits']) };
    }
    this.current = behaviour.parse(sections);
    return this.current;
  }

  /**
   * One more fault for the next sends, behind those that are not used up.
   * @throws ZodError when a name or value is unknown, or there are a hundred
   */
  add(fault: unknown): Behaviour {
    return this.set({ sends: [...this.current.sends.filter(({ next }) => next !== 0), fault] });
  }

  reset(): Behaviour {
    this.current = behaviour.parse(this.defaults);
    return this.current;
  }

  /** The fault that strikes a send to these names of a recipient, if any; uses up one of its `next`. */
  strike(recipientNames: readonly string[], random: Random): SendFault | undefined {
    const index = this.current.sends.findIndex(
      (fault) =>
        fault.next !== 0 &&
        (fault.to === undefined || recipientNames.includes(fault.to.replace(/^\+/, ''))) &&
        random.chance(fault.probability),
    );
    const fault = this.current.sends[index];
    if (!fault) return undefined;
    if (fault.next !== undefined) fault.next -= 1;
    return fault;
  }
}
