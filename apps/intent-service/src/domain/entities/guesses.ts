import { STRENGTH, type Span } from './entity.js';
import { OF_WORK, ORDER_NAMES, TRACKING_NAMES } from './labels.js';
import type { Reading, Vocabulary } from './reading.js';
import { ABOUT_JOBS, ABOUT_MOVING, ABOUT_ORDERS, ABOUT_THINGS, ELSEWHERE } from './topics.js';

/** A piece that may be a number of something. */
export interface Candidate extends Span {
  /** As written, in upper case. */
  readonly code: string;
  readonly hash: boolean;
}

/** What a number is, and how sure that is. */
export interface Typed {
  type: string;
  strength: number;
}

/** What the whole message is about; asked only where a number is called nothing. */
export class Topic {
  constructor(private readonly reading: Reading) {}
  readonly #known = new Map<unknown, boolean>();

  is(words: Vocabulary): boolean {
    const known = this.#known.get(words) ?? this.reading.mentions(words);
    this.#known.set(words, known);
    return known;
  }
}

/** What technicians write about a job of theirs, which some call an order. */
const SAID_BY_TECHNICIANS =
  /voy en camino|a caminho d|on (?:my|the) way to|finalizad|conclu[ií]d|aceptad|poderei aceitar|recuso|acepto|atender a|started at|en route pour/i;

/** Whether a name of orders means one of a technician. */
export function isWork({ words, text }: Reading, at: number): boolean {
  if (OF_WORK.has(words[at - 1]?.word ?? '')) return true;
  const following = words[at + 1]?.word === 'de' && OF_WORK.has(words[at + 2]?.word ?? '');
  return following || (/^orde[nm]$/.test(words[at]?.word ?? '') && SAID_BY_TECHNICIANS.test(text));
}

/** Technicians report and customers ask. */
function isReport({ text }: Reading, topic: Topic): boolean {
  if (topic.is(ORDER_NAMES) || /[?؟]|dinheiro|refund|money|argent|geld|dinero|virement/i.test(text)) return false;
  return topic.is(ABOUT_JOBS) || SAID_BY_TECHNICIANS.test(text);
}

/** What a number that is called nothing is, by its shape and what the message is about. */
export function guessed(reading: Reading, candidate: Candidate, topic: Topic): Typed | undefined {
  const { code, start, end } = candidate;
  const as = (type: string, strength: number = STRENGTH.guessed): Typed => ({ type, strength });
  const digits = code.replace(/\D/g, '');
  const alone = reading.isAll(candidate);
  const pure = /^\d+$/.test(code);
  if (alone)
    return isOrderNumber(code) && (pure || code.length > 3) && digits.length < 12
      ? as('order_number', STRENGTH.nearlyNamed)
      : undefined;
  const written = reading.text.slice(start, end);
  const capitals =
    /^(?:[A-Z][A-Z\d]{0,4}[-/]\d{2,}|\d{2,}[-/][A-Z]{1,3}|[A-Z]{2,4}[-/]\d{2,}[-/]\d{2,}|\d{2,4}[/-]\d{3,}|\d{3,5}-\d{1,3})[A-Z\d/-]*$/.test(
      written,
    ) || /^[A-Z]{1,3}\d{4,8}$/.test(written);
  const lower = /^\p{Ll}{1,4}[-/]\d{3,}$|^\p{Ll}{2}\d{5,}$/u.test(written);
  if (topic.is(ELSEWHERE)) return undefined;
  if (capitals || lower) {
    if (/^[A-Z]{2,4}\d{6,}$/.test(written) && topic.is(TRACKING_NAMES))
      return as('tracking_number', STRENGTH.nearlyNamed);
    if (topic.is(ABOUT_THINGS) && capitals && !topic.is(ABOUT_ORDERS) && !topic.is(ORDER_NAMES))
      return as('sku', STRENGTH.nearlyNamed);
    if (isReport(reading, topic)) return as('work_order_number', STRENGTH.nearlyNamed);
    return isOrderNumber(code) && (topic.is(ABOUT_ORDERS) || /[-/]/.test(written))
      ? as('order_number', STRENGTH.nearlyNamed)
      : undefined;
  }
  if (!pure || digits.length < 3) return undefined;
  if (topic.is(ABOUT_THINGS) && !topic.is(ABOUT_ORDERS) && !topic.is(ORDER_NAMES)) return undefined;
  if (digits.length > 9 && (topic.is(TRACKING_NAMES) || topic.is(ABOUT_MOVING)))
    return as('tracking_number', STRENGTH.nearlyNamed);
  if (digits.length > 11)
    return digits.length < 23 && topic.is(ABOUT_ORDERS) ? as('tracking_number', STRENGTH.nearlyNamed) : undefined;
  if (/^0+$/.test(digits)) return undefined;
  const short = reading.words.length <= 4;
  if (isReport(reading, topic))
    return digits.length > 2 && (short || digits.length > 3) ? as('work_order_number') : undefined;
  if (digits.length > 7 && !topic.is(ABOUT_ORDERS)) return undefined;
  const article = /(?<!\p{L})(?:el|del|al|pa['’]?l|o|do) $/iu.test(reading.text.slice(Math.max(0, start - 5), start));
  if (digits.length === 3)
    return topic.is(ABOUT_ORDERS) && (short || article) ? as('order_number', STRENGTH.barelyGuessed) : undefined;
  return /^[1-9]\d?0{3,}$|^[1-9]500$/.test(digits) ? undefined : as('order_number');
}

/** The shape that the operating contract gives order numbers; cards are none. */
export function isOrderNumber(code: string): boolean {
  const digits = code.replace(/\D/g, '').length;
  return (
    code.length >= 3 && code.length <= 24 && digits >= 2 && /^[\p{L}\p{M}\d]+(?:[-/. ][\p{L}\p{M}\d]+)*$/u.test(code)
  );
}
