import { asText } from '../domain/as-text.js';
import type { Outcome, ReplyText, Step } from '../domain/content.js';
import { ContentError } from '../domain/errors.js';
import { evaluate, type Facts } from '../domain/expression.js';
import { argumentsOf } from '../domain/message-arguments.js';
import { formatText, wordTime, type TextValues } from '../domain/message-text.js';
import type { OrderView } from '../domain/order-view.js';
import { route } from '../domain/routing.js';
import type { Choice, ReplyMessage } from '../domain/turn.js';
import type { Turn } from './run-turn-context.js';

// A third time the same question is no help to anybody.
const ASKED_AT_MOST = 2;

// What says only that a person shall take over, not what for.
const ASSENTS = new Set(['talk_to_human', 'affirm', 'confirm_order']);

/** Rows of a list: one for each item, worded by the reply's list texts with the item's facts. */
export interface Rows {
  slot: string;
  items: { value: string; facts: Facts }[];
}

/** Says nothing, on purpose. */
export function quiet(turn: Turn, decidedBy: string): void {
  turn.decidedBy ||= decidedBy;
}

/** Carries an outcome out; true when the turn ends with it. */
export async function conclude(turn: Turn, outcome: Outcome, step: Step | null): Promise<boolean> {
  if (step !== null && Object.keys(outcome).length > 0) turn.decided(step.id);
  if (outcome.handoff !== undefined) {
    await handOver(turn, outcome.handoff, outcome.reply);
    return true;
  }
  if (outcome.ask !== undefined) {
    await ask(turn, outcome.ask, outcome.reply, step?.id ?? null);
    return true;
  }
  if (outcome.reply !== undefined) await say(turn, outcome.reply, { rows: await rowsOfStep(turn, step) });
  if (outcome.quiet === true || outcome.end === true) {
    turn.leaveFlow();
    return true;
  }
  return false;
}

/** Rows for a list of orders. */
export function rowsOf(slot: string, orders: OrderView[]): Rows {
  return { slot, items: orders.map((order) => ({ value: order.number, facts: { order } })) };
}

async function rowsOfStep(turn: Turn, step: Step | null): Promise<Rows | undefined> {
  const orders = step?.rows === undefined ? undefined : await evaluate(step.rows, turn.facts());
  return Array.isArray(orders) ? rowsOf('order', orders as OrderView[]) : undefined;
}

/** Asks for a slot, at most twice in a row; then a person takes over. */
export async function ask(
  turn: Turn,
  slot: string,
  key: string | undefined,
  step: string | null,
  rows?: Rows,
): Promise<void> {
  const times = (turn.asking?.slot === slot ? turn.asking.times : 0) + 1;
  if (times > ASKED_AT_MOST) return handOver(turn, 'misunderstood');
  const reply = key ?? turn.flow?.slots?.[slot]?.ask;
  if (reply === undefined) throw new ContentError(`nothing asks for ${slot}`);
  await say(turn, reply, { rows, question: true });
  Object.assign(turn.state, { asked: slot, askedTimes: times, step });
  // An answer that has to be asked for again was no good: later flows must not take it up.
  delete turn.state.slotTimes?.[slot];
}

/** Hands the conversation to a person, with a reply that says so. */
export async function handOver(turn: Turn, reason: string, key = 'handoff'): Promise<void> {
  const topic = turn.state.slots.topic;
  const intent = ASSENTS.has(turn.intent) && typeof topic === 'string' ? topic : turn.intent;
  const { customer } = turn.input;
  const facts = { reason, intent, language: turn.language, tier: customer?.tier ?? null };
  turn.effects.push({ kind: 'handoff', reason, ...route(turn.content.routing(), facts) });
  turn.lead = '';
  await say(turn, key, { question: true });
  turn.decidedBy ||= `handoff/${reason}`;
  turn.leaveFlow();
  turn.state.misunderstandings = 0;
  delete turn.state.slots.topic;
}

/** Options of a reply: rows of its list, and whether something is expected from the customer after it. */
export interface SayOptions {
  rows?: Rows;
  question?: boolean;
  /** Buttons that belong to this question only. */
  confirm?: string;
  /** Which of the reply's choices become buttons. */
  choices?: readonly string[];
}

/** Answers, unless this turn has answered already: one question, one message. */
export async function say(turn: Turn, key: string, options: SayOptions = {}): Promise<void> {
  if (turn.reply !== null) return;
  const found = turn.content.reply(turn.language, key);
  if (found === undefined) throw new ContentError(`reply ${key} does not exist in ${turn.language}`);
  const definition = withChoices(found, options.choices);
  const body = await worded(turn, definition.text, {});
  const text = await introduced(turn, turn.lead === '' ? body : `${turn.lead} ${body}`, definition, options);
  const reply: ReplyMessage = { key, text, language: turn.language };
  if (definition.buttons !== undefined) reply.buttons = await buttons(turn, definition.buttons, options.confirm);
  if (options.rows !== undefined) reply.list = await list(turn, definition, options.rows);
  turn.reply = reply;
  turn.state.slots.offered = offeredBy(definition);
  turn.state.greeted = true;
}

function withChoices(definition: ReplyText, chosen: readonly string[] = []): ReplyText {
  const labels = Object.entries(definition.choices ?? {}).filter(([intent]) => chosen.includes(intent));
  // In the order of likelihood, not of the file.
  labels.sort(([a], [b]) => chosen.indexOf(a) - chosen.indexOf(b));
  return labels.length === 0 ? definition : { ...definition, buttons: Object.fromEntries(labels) };
}

/** A phrase of the language, with the arguments it needs. */
export async function phrase(turn: Turn, name: string): Promise<string> {
  return worded(turn, turn.content.language(turn.language).phrases[name] ?? '', {});
}

// The first message says who is talking, in half a sentence: after an answer, before a question.
async function introduced(turn: Turn, text: string, definition: ReplyText, options: SayOptions): Promise<string> {
  if (turn.state.greeted || argumentsOf(definition.text).all.has('business')) return text;
  const introduction = await phrase(turn, 'introduction');
  const first = options.question === true || options.rows !== undefined || definition.buttons !== undefined;
  return first ? `${introduction} ${text}` : `${text}\n\n${introduction}`;
}

// One button that is no yes or no is an offer: a typed yes to it means the same as a tap.
function offeredBy({ buttons: labels = {} }: ReplyText): string | undefined {
  const [only, ...more] = Object.keys(labels);
  return more.length === 0 && only !== 'yes' && only !== 'no' ? only : undefined;
}

async function buttons(turn: Turn, labels: Record<string, string>, question: string | undefined): Promise<Choice[]> {
  const made = Object.entries(labels).map(async ([name, label]) => {
    const id = name === 'yes' || name === 'no' ? `confirm:${name}:${question ?? ''}` : `intent:${name}`;
    return { id, title: await worded(turn, label, {}) };
  });
  return Promise.all(made);
}

async function list(turn: Turn, { list: labels }: ReplyText, rows: Rows): Promise<ReplyMessage['list']> {
  if (labels === undefined) throw new ContentError('a reply that offers a list has no list texts');
  const made = rows.items.slice(0, 10).map(async ({ value, facts }) => {
    const id = `${rows.slot}:${value}`;
    turn.state.choices[id] = value;
    const title = await worded(turn, labels.title, facts);
    return { id, title, ...(labels.description ? { description: await worded(turn, labels.description, facts) } : {}) };
  });
  return { button: await worded(turn, labels.button, {}), rows: await Promise.all(made) };
}

async function worded(turn: Turn, text: string, extra: Facts): Promise<string> {
  const language = turn.content.language(turn.language);
  const values: TextValues = {};
  const facts = turn.facts(extra);
  const { all, needed } = argumentsOf(text);
  for (const name of all) {
    const definition = turn.content.argument(name);
    if (definition === undefined) throw new ContentError(`argument ${name} is not defined`);
    const value = await evaluate(definition.value, facts);
    if (value === undefined || value === null) {
      if (needed.has(name)) throw new ContentError(`argument ${name} has no value and the text has no branch for none`);
      values[name] = 'none';
    } else if (definition.phrase !== undefined) {
      values[name] = wordTime(new Date(asText(value)), definition.phrase, language, { zone: turn.zone, now: turn.now });
    } else {
      values[name] = typeof value === 'number' ? value : asText(value);
    }
  }
  return formatText(text, language.locale, values);
}
