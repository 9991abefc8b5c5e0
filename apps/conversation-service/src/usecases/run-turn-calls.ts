import { asText } from '../domain/as-text.js';
import { ContentError } from '../domain/errors.js';
import { fill } from '../domain/expression.js';
import { durationMs } from '../domain/duration.js';
import { OPERATIONS } from '../domain/operations.js';
import { longerNumbers, normaliseOrderNumber } from '../domain/order-number.js';
import { orderView, type OrderView } from '../domain/order-view.js';
import type { Step } from '../domain/content.js';
import type { CallOutcome, JournalFrame } from '../domain/turn.js';
import type { Turn } from './run-turn-context.js';

type Json = Record<string, unknown>;
const DAY_MS = 86_400_000;
const UNKNOWN_ORDER = 'ORDER.NOT_FOUND';
const NOT_FOUND: CallOutcome = { ok: false, reason: UNKNOWN_ORDER };

/** Calls what a step names; the outcome's value is what flows and replies see of it. */
export async function callStep(turn: Turn, step: Step, frame: JournalFrame | null): Promise<CallOutcome> {
  const operation = OPERATIONS[step.call ?? ''];
  if (operation === undefined) throw new ContentError(`unknown operation ${step.call}`);
  if (operation.kind === 'write') return write(turn, frame ?? (await frameOf(turn, step)));
  const args = (await fill(step.with ?? {}, turn.facts())) as Json;
  if (operation.kind === 'effect') return task(turn, step, args);
  const outcome = await read(turn, step.call!, args);
  if (outcome.ok || outcome.reason !== UNKNOWN_ORDER || step.call !== 'erp.getOrder') return outcome;
  return readLonger(turn, args);
}

/** An order number may hold spaces: what is not found may be found with the words beside it. */
async function readLonger(turn: Turn, args: Json): Promise<CallOutcome> {
  const heard = asText(args.number);
  for (const number of longerNumbers(turn.message.text, heard)) {
    const outcome = await read(turn, 'erp.getOrder', { ...args, number });
    if (!outcome.ok) continue;
    for (const [slot, value] of Object.entries(turn.state.slots)) if (value === heard) turn.setSlot(slot, number);
    return outcome;
  }
  return NOT_FOUND;
}

/** Asks another system. Who asks is filled in here, never by content. */
export async function read(turn: Turn, operation: string, given: Json): Promise<CallOutcome> {
  const args = { ...given, ...identity(turn, operation, given) };
  // Nobody may see nothing: an unknown number is not worth a question, and must not become a question without an owner.
  if (Array.isArray(args.customerIds) && args.customerIds.length === 0) return NOT_FOUND;
  const started = performance.now();
  const outcome = seen(turn, operation, await turn.calls.read(operation, args));
  record(turn, operation, args, outcome, '', performance.now() - started);
  return outcome;
}

/** The customer's own id, and who has shown to know the e-mail address on this order. */
export function mayKnow(turn: Turn, number: string): string[] {
  const grant = turn.state.grants[normaliseOrderNumber(number)];
  const granted = grant !== undefined && new Date(grant.until) > turn.now ? [grant.customerId] : [];
  const own = turn.input.customer?.id;
  return own === undefined ? granted : [...new Set([own, ...granted])];
}

function identity(turn: Turn, operation: string, given: Json): Json {
  const own = turn.input.customer?.id;
  if (operation === 'erp.getOrder' && given.customerIds === undefined)
    return { customerIds: mayKnow(turn, asText(given.number)) };
  if (operation === 'erp.listOrders') return own === undefined ? { customerIds: [] } : { customerId: own };
  // Knowing an order is not owning it: only the owner's own number may cancel.
  if (operation === 'erp.cancelOrder') return { customerIds: own === undefined ? [] : [own] };
  if (operation !== 'consent.record') return {};
  return { at: turn.message.sentAt.toISOString(), source: 'flow', evidenceRef: turn.message.id };
}

async function frameOf(turn: Turn, step: Step): Promise<JournalFrame> {
  const given = (await fill(step.with ?? {}, turn.facts())) as Json;
  const operation = step.call!;
  // For consent the message is the key: the same word read elsewhere writes the same entry.
  const idempotencyKey = operation === 'consent.record' ? turn.message.id : stepKey(turn, step);
  return {
    step: step.id,
    operation,
    args: { ...given, ...identity(turn, operation, given) },
    idempotencyKey,
    state: structuredClone({ ...turn.state, asked: null, step: step.id }),
    now: turn.now.toISOString(),
    contentVersion: turn.content.version,
  };
}

// One effect per conversation, message and step, however often the message is answered.
const stepKey = (turn: Turn, step: Step): string => [turn.input.conversationId, turn.message.id, step.id].join('/');

async function write(turn: Turn, frame: JournalFrame): Promise<CallOutcome> {
  if (Array.isArray(frame.args.customerIds) && frame.args.customerIds.length === 0) return NOT_FOUND;
  const started = performance.now();
  const outcome = seen(turn, frame.operation, await turn.calls.write(frame));
  record(turn, frame.operation, frame.args, outcome, frame.idempotencyKey, performance.now() - started);
  return outcome;
}

function task(turn: Turn, step: Step, args: Json): CallOutcome {
  const dueAt = new Date(turn.now.getTime() + (durationMs(asText(args.due)) ?? DAY_MS));
  turn.effects.push({
    kind: 'task',
    key: stepKey(turn, step),
    subject: asText(args.subject),
    orderNumber: asText(args.orderNumber),
    description: asText(args.description),
    dueAt,
  });
  return { ok: true, value: { dueAt: dueAt.toISOString() } };
}

// Answers come as the contract has them; flows see the view, which holds only what may be said in a chat.
function seen(turn: Turn, operation: string, outcome: CallOutcome): CallOutcome {
  if (!outcome.ok) return outcome;
  const value = (outcome.value ?? {}) as Json;
  if (operation === 'erp.getOrder' || operation === 'erp.cancelOrder') {
    const order = (value.order ?? value) as Json;
    if (order.number === undefined) return NOT_FOUND;
    const view = viewed(turn, order);
    turn.orderNumber = view.number;
    return {
      ok: true,
      value: { ...view, customerId: order.customerId, own: order.customerId === turn.input.customer?.id },
    };
  }
  if (operation === 'erp.listOrders') {
    const orders = Array.isArray(value) ? value : ((value.orders ?? []) as Json[]);
    return { ok: true, value: orders.map((order: Json) => viewed(turn, order)) };
  }
  if (operation !== 'crm.findCustomers') return { ok: true, value: plain(value) };
  const customers = Array.isArray(value) ? value : ((value.customers ?? []) as Json[]);
  return { ok: true, value: customers.map((customer: Json) => ({ id: customer.id })) };
}

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const viewed = (turn: Turn, order: Json): OrderView => plain(orderView(order, turn.now));

function record(
  turn: Turn,
  operation: string,
  args: Json,
  outcome: CallOutcome,
  idempotencyKey: string,
  ms: number,
): void {
  // An address in the audit trail helps nobody: that one was given, and what came of it, is enough.
  const shown = args.email === undefined ? args : { ...args, email: 'given' };
  const result = outcome.ok ? outcome.value : null;
  turn.records.push({
    operation,
    args: shown,
    outcome: outcome.ok ? 'ok' : outcome.reason,
    result,
    durationMs: ms,
    idempotencyKey,
  });
}
