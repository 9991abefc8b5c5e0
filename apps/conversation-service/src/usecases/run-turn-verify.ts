import type { FlowDefinition, Step } from '../domain/content.js';
import { normaliseOrderNumber } from '../domain/order-number.js';
import type { CallOutcome } from '../domain/turn.js';
import { read } from './run-turn-calls.js';
import type { Turn } from './run-turn-context.js';
import { runFlow } from './run-turn-flow.js';
import { handOver, say } from './run-turn-outcome.js';

const DAY_MS = 86_400_000;
const WRONG_AT_MOST = 3;

/**
 * Looks an order up again by the e-mail address on it. The right one lets this number see this order for a day; three wrong
 * ones in a day hand over. Whether the order exists makes no difference to anything the customer can read.
 */
export async function verifyByEmail(
  turn: Turn,
  flow: FlowDefinition,
  step: Step,
  given: { number: string; email: string },
): Promise<void> {
  const { state, now } = turn;
  state.wrongAddresses = state.wrongAddresses.filter((at) => now.getTime() - new Date(at).getTime() < DAY_MS);
  if (state.wrongAddresses.length >= WRONG_AT_MOST) return handOver(turn, 'unverified');
  const owner = await ownerOf(turn, given);
  if (!owner.ok && !owner.reason.endsWith('.NOT_FOUND')) {
    const outcome = step.on?.[owner.reason.split('.').at(-1)!.toLowerCase()];
    return handOver(turn, outcome?.handoff ?? 'failed-lookup', outcome?.reply);
  }
  if (owner.ok) {
    const until = new Date(now.getTime() + DAY_MS).toISOString();
    state.grants[normaliseOrderNumber(given.number)] = { customerId: String(owner.value), until };
    state.misunderstandings = 0;
    // Now the number counts for later questions too.
    if (state.asked !== null) turn.setSlot(state.asked, state.slots[state.asked]);
    return runFlow(turn, flow, { step: step.id });
  }
  state.wrongAddresses.push(now.toISOString());
  turn.decided(step.id);
  if (state.wrongAddresses.length >= WRONG_AT_MOST) return handOver(turn, 'unverified');
  await say(turn, step.on?.not_found?.reply ?? 'order-unknown', { question: true });
}

async function ownerOf(turn: Turn, { number, email }: { number: string; email: string }): Promise<CallOutcome> {
  const found = await read(turn, 'crm.findCustomers', { email });
  if (!found.ok) return found;
  const customerIds = (found.value as { id: string }[]).map(({ id }) => id);
  const order = await read(turn, 'erp.getOrder', { number, customerIds });
  return order.ok ? { ok: true, value: (order.value as { customerId: string }).customerId } : order;
}
