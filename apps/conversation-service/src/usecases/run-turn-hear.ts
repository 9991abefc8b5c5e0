import { asText } from '../domain/as-text.js';
import type { FlowDefinition } from '../domain/content.js';
import { matchLanguage, namedLanguage } from '../domain/language.js';
import { isOrderNumber, orderNumberIn } from '../domain/order-number.js';
import type { Turn } from './run-turn-context.js';

/** A message as flows take it, whether typed or tapped. */
export interface Heard {
  intent: string;
  /** Whether the intent is sure enough to act on. */
  clear: boolean;
  /** A tapped yes or no; typed ones are read where a question is open. */
  tapped: 'yes' | 'no' | null;
  /** A tapped row: slot and value. */
  chosen: { slot: string; value: string } | null;
}

/** Reads a message: a tapped choice by its id, anything else by what the intent service made of it. */
export function hear(turn: Turn): Heard {
  const { understanding } = turn.input;
  const { replyId } = turn.message;
  const clear = turn.content.isSure(understanding);
  const heard: Heard = { intent: understanding.intent, clear, tapped: null, chosen: null };
  if (replyId === null) return heard;
  const [kind, ...rest] = replyId.split(':');
  const value = rest.join(':');
  if (kind === 'intent') return { ...heard, intent: value, clear: true };
  if (kind === 'confirm') return { ...heard, tapped: confirmed(turn, rest) };
  const offered = turn.state.choices[replyId];
  if (offered !== undefined) return { ...heard, chosen: { slot: kind!, value: asText(offered) } };
  // A row of an older list still names its order.
  return kind === 'order' && isOrderNumber(value) ? { ...heard, chosen: { slot: 'order', value } } : heard;
}

// Buttons carry the question they belong to: a tap on an older question must not confirm a newer one.
function confirmed(turn: Turn, [answer, question]: string[]): 'yes' | 'no' | null {
  if (question !== undefined && question !== turn.state.choices.question) return null;
  return answer === 'yes' || answer === 'no' ? answer : null;
}

// Whatever words they use, these are no answer to a question of ours.
const DECISIVE = new Set(['opt_out', 'opt_in', 'talk_to_human', 'complaint']);

/** Yes or no to a confirmation, by tap, by intent or by a plain word; null when it is neither for certain. */
export function yesOrNo(turn: Turn, heard: Heard): 'yes' | 'no' | null {
  if (heard.tapped !== null) return heard.tapped;
  if (turn.message.replyId !== null || (heard.clear && DECISIVE.has(heard.intent))) return null;
  const words = turn.message.text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const lists = new Set([turn.language, turn.content.business.language]);
  const known = [...lists].map((code) => turn.content.language(code).words);
  const has = (list: string[], among: string[]): boolean => among.some((word) => list.includes(word));
  const yes = known.some((list) => has(list.yes, words.slice(0, 1)));
  const no = known.some((list) => has(list.no, words));
  if (yes !== no) return yes ? 'yes' : 'no';
  if (yes || !heard.clear) return null;
  if (heard.intent === 'affirm' || heard.intent === 'confirm_order') return 'yes';
  return heard.intent === 'deny' ? 'no' : null;
}

/** Value for a slot that fills from this entity, from the entities of the message or, when it was asked for, from its text. */
export function valueFor(turn: Turn, entity: string | undefined, asked: boolean): string | null {
  const { entities } = turn.input.understanding;
  const found = entities.find((e) => e.type === entity)?.value;
  const { text } = turn.message;
  if (entity === 'language') return languageIn(turn, found ?? (asked ? text : null));
  if (found !== undefined && found !== '') return found;
  if (entity === 'order_number') return asked ? orderNumberIn(text) : null;
  return entity === undefined && asked ? text.trim() : null;
}

/** An e-mail address in the message; null for none. */
export function emailIn(turn: Turn): string | null {
  const entity = turn.input.understanding.entities.find((e) => e.type === 'email')?.value;
  const match = entity ?? /[^\s<>"'(),;:]+@[^\s<>"'(),;:]+\.[\p{L}]{2,}/u.exec(turn.message.text)?.[0];
  return match === undefined ? null : match.trim().toLowerCase();
}

/** Whether the message is nothing but the value of one of these entities ("1234", "#1234"). */
export function isNothingBut(turn: Turn, entities: readonly string[]): boolean {
  const text = turn.message.text.trim();
  if (entities.includes('order_number') && isOrderNumber(text) && orderNumberIn(text) !== null) return true;
  return turn.input.understanding.entities.some((e) => entities.includes(e.type) && leftOver(text, e.text) === '');
}

/** The flow that a message asks for; undefined for none. */
export function flowFor(turn: Turn, heard: Heard): FlowDefinition | undefined {
  const { content } = turn;
  if (heard.chosen !== null) return content.current().find((f) => f.entities?.includes('order_number'));
  const understood = heard.clear ? content.forIntent(heard.intent) : undefined;
  if (turn.message.replyId === null) {
    const phrased = content.current().find((f) => saysPhrase(turn, f, understood === undefined ? null : heard.intent));
    if (phrased !== undefined) return phrased;
    if (understood === undefined || heard.intent === 'oos') {
      const bare = content.current().find((f) => f.entities !== undefined && isNothingBut(turn, f.entities));
      if (bare !== undefined) return bare;
    }
  }
  return understood;
}

function saysPhrase(turn: Turn, flow: FlowDefinition, intent: string | null): boolean {
  if (flow.phrases === undefined) return false;
  if (intent !== null && intent !== 'oos' && !flow.phrases.instead_of.includes(intent)) return false;
  if (turn.input.understanding.entities.some((e) => e.type === 'order_number')) return false;
  const padded = ` ${(turn.message.text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).join(' ')} `;
  return Object.values(flow.phrases.words).some((list) => list.some((phrase) => padded.includes(` ${phrase} `)));
}

function languageIn(turn: Turn, text: string | null): string | null {
  if (text === null) return null;
  return (
    namedLanguage(text, [...turn.content.languages.values()]) ?? matchLanguage(text, turn.content.languages.keys())
  );
}

const leftOver = (text: string, part: string): string => text.replace(part, '').replace(/[\s#.!?]+/g, '');
