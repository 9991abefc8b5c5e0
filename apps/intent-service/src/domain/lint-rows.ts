import type { Mark } from './utterance.js';

const LANGUAGES = new Set(['en', 'es', 'pt', 'fr', 'de', 'ar', 'hi', 'hi-Latn', 'id', 'tr', 'it', 'other']);
const STYLES = new Set(['normal', 'short', 'wrong', 'angry', 'polite', 'voice', 'emoji', 'mixed', 'regional']);
const TYPES = new Set([
  'order_number',
  'invoice_number',
  'tracking_number',
  'work_order_number',
  'sku',
  'product',
  'quantity',
  'amount',
  'date',
  'time',
  'email',
  'phone',
  'postal_code',
  'rating',
  'language',
  'person',
]);
const INTENT = /^[a-z]+(?:_[a-z]+)*$/;

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** What is wrong with a line of the training data; empty for a good one. */
export function faultsOf(row: unknown): string[] {
  if (!isObject(row)) return ['not an object'];
  const { text, language, intent, style, entities } = row;
  const faults = [
    isText(text) ? '' : 'no text',
    LANGUAGES.has(String(language)) ? '' : `language ${String(language)}`,
    INTENT.test(String(intent)) ? '' : `intent ${String(intent)}`,
    STYLES.has(String(style)) ? '' : `style ${String(style)}`,
    Array.isArray(entities) ? '' : 'no list of entities',
  ].filter((fault) => fault !== '');
  return isText(text) && Array.isArray(entities) ? [...faults, ...marksAmiss(text, entities)] : faults;
}

function marksAmiss(text: string, marks: readonly unknown[]): string[] {
  const amiss = marks.flatMap((mark) => markAmiss(text, mark));
  if (amiss.length > 0) return amiss;
  const sorted = [...(marks as Mark[])].sort((a, b) => a.start - b.start);
  return sorted.flatMap(({ type, start }, at) =>
    start < (sorted[at - 1]?.end ?? 0) ? [`${type} shares signs with the mark before`] : [],
  );
}

function markAmiss(text: string, mark: unknown): string[] {
  if (!isObject(mark)) return ['a mark that is no object'];
  const { type, start, end, text: marked } = mark as Partial<Mark> & { text?: unknown };
  if (!TYPES.has(String(type))) return [`entity type ${String(type)}`];
  if (!Number.isInteger(start) || !Number.isInteger(end)) return [`${type} without start and end`];
  const [from = 0, to = 0] = [start, end];
  if (from < 0 || from >= to || to > text.length) return [`${type} from ${from} to ${to} is outside the text`];
  const piece = text.slice(from, to);
  if (marked !== undefined && marked !== piece) return [`${type} marks ${JSON.stringify(piece)}, not what it names`];
  if (piece !== piece.trim()) return [`${type} ${JSON.stringify(piece)} begins or ends with a space`];
  return cutsThrough(text, from) || cutsNumber(text, to)
    ? [`${type} ${JSON.stringify(piece)} cuts through a word`]
    : [];
}

/** Whether a number, or a word, begins before this place. Not in other scripts than Latin: Arabic words take a preposition. */
const cutsThrough = (text: string, at: number): boolean =>
  cutsNumber(text, at) ||
  (/\p{Script=Latin}\p{M}*$/u.test(text.slice(0, at)) && /^\p{Script=Latin}/u.test(text.slice(at)));

/** Whether a number goes on over this place. Words may: Turkish ones take endings. */
const cutsNumber = (text: string, at: number): boolean =>
  /\p{Nd}$/u.test(text.slice(0, at)) && /^\p{Nd}/u.test(text.slice(at));
