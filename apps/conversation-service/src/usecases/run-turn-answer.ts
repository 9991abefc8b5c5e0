import { asText } from '../domain/as-text.js';
import type { FlowDefinition, Step } from '../domain/content.js';
import { normaliseOrderNumber } from '../domain/order-number.js';
import type { Turn } from './run-turn-context.js';
import { askToConfirm, runFlow } from './run-turn-flow.js';
import { emailIn, flowFor, isNothingBut, valueFor, yesOrNo, type Heard } from './run-turn-hear.js';
import { conclude, handOver, phrase, say } from './run-turn-outcome.js';
import { verifyByEmail } from './run-turn-verify.js';

// Small words that change nothing about the question that is open.
const BESIDE = new Set(['affirm', 'deny', 'greeting', 'oos', 'csat_rating']);
const POLITE = new Set(['thanks', 'goodbye']);

/** Takes a message as the answer to what was asked; false when it is about something else, and the flow is left. */
export async function answerQuestion(turn: Turn, heard: Heard): Promise<boolean> {
  const { state } = turn;
  const flow = turn.content.running(state.flow ?? '');
  if (flow === undefined || state.asked === null) return false;
  turn.flow = flow;
  // Whatever the words of the answer look like, the conversation is still about what the flow is about.
  turn.intent = flow.intents[0] ?? heard.intent;
  turn.asking = { slot: state.asked, times: state.askedTimes };
  const taken =
    state.asked === 'confirm' ? await answerConfirm(turn, flow, heard) : await answerSlot(turn, flow, heard);
  if (taken) return true;
  if (heard.clear && POLITE.has(heard.intent) && turn.message.replyId === null) {
    turn.decided('quiet');
    return true;
  }
  if (leaves(turn, flow, heard)) {
    turn.intent = heard.clear ? heard.intent : 'oos';
    turn.asking = null;
    turn.flow = null;
    return false;
  }
  await misunderstood(turn, flow);
  return true;
}

async function answerConfirm(turn: Turn, flow: FlowDefinition, heard: Heard): Promise<boolean> {
  const step = flow.steps.find((s) => s.id === turn.state.step);
  const answer = yesOrNo(turn, heard);
  if (step === undefined || answer === null) return false;
  turn.state.misunderstandings = 0;
  if (answer === 'yes') {
    await runFlow(turn, flow, { step: step.id, confirmed: true });
    return true;
  }
  const declined = step.declined ?? { reply: 'nothing-changed' };
  if (!(await conclude(turn, declined, step))) turn.leaveFlow();
  return true;
}

async function answerSlot(turn: Turn, flow: FlowDefinition, heard: Heard): Promise<boolean> {
  const name = turn.state.asked!;
  const slot = flow.slots?.[name];
  const step = flow.steps.find((s) => s.id === turn.state.step);
  const pending = turn.state.slots[name];
  const email = slot?.from === 'order_number' && step !== undefined && pending !== undefined ? emailIn(turn) : null;
  if (email !== null) {
    await verifyByEmail(turn, flow, step!, { number: asText(pending), email });
    return true;
  }
  const entities = slot?.from === undefined ? [] : [slot.from];
  const chosen = heard.chosen?.slot === name ? heard.chosen.value : null;
  if (chosen === null && leaves(turn, flow, heard) && !isAnswer(turn, heard, entities)) return false;
  const value = chosen ?? valueFor(turn, slot?.from, true);
  if (value === null) return false;
  turn.setSlot(name, value);
  turn.state.misunderstandings = 0;
  await runFlow(turn, flow, { step: turn.state.step });
  return true;
}

// "1234", and "it is order 1234" too, which alone would be understood as the wish to know where that order is.
function isAnswer(turn: Turn, heard: Heard, entities: string[]): boolean {
  if (isNothingBut(turn, entities)) return true;
  const wanted = flowFor(turn, heard);
  const usual = entities.some((entity) => wanted?.entities?.includes(entity));
  return usual && valueFor(turn, entities[0], true) !== null;
}

function leaves(turn: Turn, flow: FlowDefinition, heard: Heard): boolean {
  if (heard.tapped !== null) return false;
  if (turn.message.replyId === null && (BESIDE.has(heard.intent) || POLITE.has(heard.intent))) return false;
  const wanted = flowFor(turn, heard);
  if (wanted === undefined) return false;
  return wanted.flow !== flow.flow || namesAnother(turn, flow);
}

// "Cancel 5678 instead": the same flow, from its beginning, with the other order.
function namesAnother(turn: Turn, flow: FlowDefinition): boolean {
  if (turn.state.asked !== 'confirm') return false;
  return Object.entries(flow.slots ?? {}).some(([name, slot]) => {
    const value = valueFor(turn, slot.from, false);
    return value !== null && normaliseOrderNumber(value) !== normaliseOrderNumber(asText(turn.state.slots[name]));
  });
}

async function misunderstood(turn: Turn, flow: FlowDefinition): Promise<void> {
  const { state } = turn;
  state.misunderstandings += 1;
  if (state.misunderstandings >= 2 || state.askedTimes >= 2) return handOver(turn, 'misunderstood');
  const step = flow.steps.find((s) => s.id === state.step);
  turn.lead = await phrase(turn, 'again');
  if (state.asked === 'confirm' && step?.confirm !== undefined) return askToConfirm(turn, step, step.confirm);
  const asked = state.asked!;
  if (step === undefined) return runFlow(turn, flow, {});
  await repeat(turn, step, asked);
}

async function repeat(turn: Turn, step: Step, slot: string): Promise<void> {
  const outcomes = [step, ...Object.values(step.on ?? {}), ...(step.choose ?? [])];
  const key = outcomes.find((o) => o.ask === slot)?.reply ?? turn.flow?.slots?.[slot]?.ask;
  await say(turn, key ?? 'fallback', { question: true });
  turn.state.askedTimes += 1;
  turn.decided(step.id);
}
