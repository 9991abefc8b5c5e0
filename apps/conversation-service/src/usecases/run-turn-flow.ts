import type { FlowDefinition, Outcome, SlotDefinition, Step } from '../domain/content.js';
import { CLARIFY, flowKey } from '../domain/content-snapshot.js';
import { durationMs } from '../domain/duration.js';
import { ContentError } from '../domain/errors.js';
import { evaluate, fill, holds } from '../domain/expression.js';
import type { OrderView } from '../domain/order-view.js';
import type { JournalFrame } from '../domain/turn.js';
import { callStep, read } from './run-turn-calls.js';
import type { Turn } from './run-turn-context.js';
import { flowFor, isNothingBut, valueFor, type Heard } from './run-turn-hear.js';
import { ask, conclude, handOver, rowsOf, say } from './run-turn-outcome.js';

const DAY = 'P1D';
/** As many as WhatsApp shows. */
const MOST_BUTTONS = 3;

/** Where a flow goes on: at its beginning, at a step, behind a question answered with yes, or behind a call begun before. */
export interface Entry {
  step?: string | null;
  confirmed?: boolean;
  frame?: JournalFrame;
}

/** Starts what a message asks for; what nobody understands gets one more chance, then a person. */
export async function beginFlow(turn: Turn, heard: Heard): Promise<void> {
  turn.leaveFlow();
  const flow = flowFor(turn, heard);
  const understood = flow !== undefined && !flow.intents.includes('oos');
  if (!understood) {
    turn.state.misunderstandings += 1;
    if (turn.state.misunderstandings >= 2) return handOver(turn, 'misunderstood');
  } else {
    turn.state.misunderstandings = 0;
    if (!flow.intents.includes('talk_to_human')) delete turn.state.slots.topic;
  }
  if (!understood && (await clarify(turn))) return;
  const chosen = flow ?? turn.content.forIntent('oos');
  if (chosen === undefined) return handOver(turn, 'misunderstood');
  turn.state.flow = flowKey(chosen);
  for (const [name, slot] of Object.entries(chosen.slots ?? {})) {
    const value =
      heard.chosen?.slot === name
        ? heard.chosen.value
        : valueFor(turn, slot.from, slot.from !== undefined && isNothingBut(turn, [slot.from]));
    if (value !== null) turn.setSlot(name, value);
    else forgetOld(turn, name, slot);
  }
  await runFlow(turn, chosen, {});
}

/** Asks which of the likeliest wishes it is, with a person as the way out; false when there is nothing likely. */
async function clarify(turn: Turn): Promise<boolean> {
  if (turn.message.replyId !== null) return false;
  const likely = turn.content.likely(turn.input.understanding, MOST_BUTTONS - 1);
  if (likely.length === 0) return false;
  turn.decidedBy = CLARIFY;
  await say(turn, CLARIFY, { choices: [...new Set([...likely, 'talk_to_human'])] });
  return true;
}

/** Goes on with a writing call whose result was never committed, exactly as it was begun. */
export async function resumeFlow(turn: Turn, frame: JournalFrame): Promise<void> {
  const flow = turn.content.running(turn.state.flow ?? '');
  if (flow === undefined) throw new ContentError(`flow ${turn.state.flow} is gone`);
  await runFlow(turn, flow, { step: frame.step, frame });
}

/** Runs a flow from an entry until it asks, hands over or ends. Never ends in silence unless it says so. */
export async function runFlow(turn: Turn, flow: FlowDefinition, entry: Entry): Promise<void> {
  turn.flow = flow;
  Object.assign(turn.state, { asked: null, step: null, choices: {} });
  // What was begun before is brought to its end: whom it is for was decided with it.
  if (turn.input.customerAway === true && entry.frame === undefined && asksForOwner(flow)) {
    return handOver(turn, 'crm-unavailable', 'try-again-later');
  }
  for (const [name, slot] of Object.entries(flow.slots ?? {})) {
    if (turn.state.slots[name] === undefined && (await missing(turn, name, slot))) return;
  }
  const first = entry.step ? flow.steps.findIndex((step) => step.id === entry.step) : 0;
  for (const step of flow.steps.slice(Math.max(first, 0))) {
    const here = step.id === entry.step ? entry : {};
    if (await runStep(turn, step, here)) return;
  }
  if (turn.reply === null) await otherwise(turn, null, 'unanswered');
  turn.leaveFlow();
}

/** Whether a flow shows what belongs to one customer only: whatever the ERP holds. */
function asksForOwner({ slots, steps }: FlowDefinition): boolean {
  const calls = [...steps.map(({ call }) => call), ...Object.values(slots ?? {}).map(({ offer }) => offer)];
  return calls.some((call) => call?.startsWith('erp.'));
}

async function runStep(turn: Turn, step: Step, entry: Entry): Promise<boolean> {
  if (entry.frame === undefined) {
    if (step.if !== undefined && !(await holds(step.if, turn.facts()))) return false;
    if (await doneBefore(turn, step)) return false;
    if (step.confirm !== undefined && entry.confirmed !== true) {
      await askToConfirm(turn, step, step.confirm);
      return true;
    }
  }
  if (step.call !== undefined) {
    const outcome = await callStep(turn, step, entry.frame ?? null);
    if (!outcome.ok) return failed(turn, step, outcome.reason);
    if (step.as !== undefined) turn.state.results[step.as] = outcome.value;
    await markDone(turn, step, outcome.value);
  }
  if (step.remember !== undefined) Object.assign(turn.state.slots, await fill(step.remember, turn.facts()));
  if (step.speak !== undefined) await speak(turn, step.speak);
  if (await conclude(turn, await chosenOutcome(turn, step), step)) return true;
  return false;
}

/** Asks yes or no before a step. The buttons carry this message's id, so that only they answer this question. */
export async function askToConfirm(turn: Turn, step: Step, key: string): Promise<void> {
  const times = (turn.asking?.slot === 'confirm' ? turn.asking.times : 0) + 1;
  const question = turn.message.id.slice(-24);
  turn.decided(step.id);
  await say(turn, key, { question: true, confirm: question });
  Object.assign(turn.state, { asked: 'confirm', askedTimes: times, step: step.id, choices: { question } });
}

async function chosenOutcome(turn: Turn, step: Step): Promise<Outcome> {
  for (const branch of step.choose ?? []) {
    if (branch.else === true || (branch.if !== undefined && (await holds(branch.if, turn.facts())))) return branch;
  }
  const { reply, ask: slot, handoff, quiet, end } = step;
  return { reply, ask: slot, handoff, quiet, end };
}

async function failed(turn: Turn, step: Step, reason: string): Promise<boolean> {
  const known = step.on?.[reason.split('.').at(-1)!.toLowerCase()];
  if (known === undefined) {
    await otherwise(turn, step, reason.toLowerCase().replaceAll(/[._]/g, '-'));
  } else if (!(await conclude(turn, known, step))) {
    turn.leaveFlow();
  }
  return true;
}

async function otherwise(turn: Turn, step: Step | null, reason: string): Promise<void> {
  const outcome = turn.flow?.otherwise ?? turn.content.business.otherwise;
  turn.decided(step?.id ?? 'otherwise');
  if (outcome.handoff === undefined && outcome.reply === undefined) return handOver(turn, reason);
  await conclude(turn, outcome, null);
}

/** Finds a missing slot among what the customer has, or asks for it; true when the turn ends with the question. */
async function missing(turn: Turn, name: string, slot: SlotDefinition): Promise<boolean> {
  turn.decided(name);
  if (slot.offer === undefined || slot.choose === undefined || turn.input.customer === null) {
    await ask(turn, name, slot.ask, null);
    return true;
  }
  const outcome = await read(turn, slot.offer, (await fill(slot.with ?? {}, turn.facts())) as Record<string, unknown>);
  if (!outcome.ok) {
    await otherwise(turn, null, 'failed');
    return true;
  }
  const items = outcome.value as OrderView[];
  if (items.length === 1) {
    turn.setSlot(name, items[0]!.number);
    return false;
  }
  const rows = items.length === 0 ? undefined : rowsOf(name, items);
  await ask(turn, name, rows === undefined ? slot.ask : slot.choose, null, rows);
  return true;
}

async function speak(turn: Turn, template: string): Promise<void> {
  const language = String(await evaluate(template, turn.facts()));
  if (!turn.content.languages.has(language)) return;
  turn.language = language;
  turn.state.language = language;
  turn.state.slots.language = language;
}

function forgetOld(turn: Turn, name: string, slot: SlotDefinition): void {
  const since = turn.state.slotTimes?.[name];
  const age = since === undefined ? Infinity : turn.now.getTime() - new Date(since).getTime();
  if (age >= (durationMs(slot.keep ?? DAY) ?? 0)) delete turn.state.slots[name];
}

const onceKey = async (turn: Turn, step: Step): Promise<string> =>
  `${turn.flow?.flow}/${step.id}/${String(await evaluate(step.once!, turn.facts()))}`;

// What was promised with it may have passed by now; then it is done again.
async function doneBefore(turn: Turn, step: Step): Promise<boolean> {
  if (step.once === undefined) return false;
  const result = turn.state.done?.[await onceKey(turn, step)] as { dueAt?: string } | undefined;
  if (result === undefined || (result.dueAt !== undefined && new Date(result.dueAt) <= turn.now)) return false;
  if (step.as !== undefined) turn.state.results[step.as] = result;
  return true;
}

async function markDone(turn: Turn, step: Step, result: unknown): Promise<void> {
  if (step.once !== undefined) turn.state.done = { ...turn.state.done, [await onceKey(turn, step)]: result ?? {} };
}
