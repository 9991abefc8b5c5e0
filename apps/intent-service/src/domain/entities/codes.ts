import { isPostal, isUps, looksLikeParcel } from './check-digits.js';
import { NOTHING, spansOf, STRENGTH, type Found, type Span } from './entity.js';
import { namedAfter, namedBefore, type Label, type Named } from './labels.js';
import type { Reading } from './reading.js';
import { guessed, isOrderNumber, isWork, Topic, type Candidate, type Typed } from './guesses.js';
import { ABOUT_THINGS, ELSEWHERE } from './topics.js';

/** Letters and digits joined by single - / or dots. */
const CODE = /(?:[\p{Script=Latin}\d]|(?<!\d)[\p{L}\p{M}](?=[-/]\d))+(?:[-/._][\p{Script=Latin}\d]+)*/gu;
/** Letters, a space, digits: "SO 10023", "FT 2025/331". Capitals only, since any word may stand before a number. */
const SPACED = /(?<![\p{L}\d-])\p{Lu}{1,4} \d{2,}(?:[-/.][\p{L}\d]+)*(?![\p{L}\d])/gu;
/** Short groups with spaces: "77 88 99", "1 234", "55 A". Numbers only where one is named or alone. */
const GROUPED = /(?<![\p{L}\d/.-])\d{1,4}(?: (?:\d{1,4}(?!\d)|\p{Lu}{1,2}(?!\p{L})))+(?![\p{L}\d]|[-/.][\p{L}\d])/gu;
/** Nobody names more numbers in one message, and each costs a look at the words around it. */
const MOST = 40;
const WORDS_BEFORE_NUMBERS = /^(?:PO|SO|WO|OT|OS|NF|INV|OR|NR|NO|EL|LA|DE|CP|CEP|PLZ|ID|KW|BT)$/;
const TYPES: Partial<Record<Label, string>> = {
  order: 'order_number',
  invoice: 'invoice_number',
  tracking: 'tracking_number',
  work: 'work_order_number',
  sku: 'sku',
};
/** What a code that begins so is, whatever stands before it. */
const PREFIXES: [RegExp, string][] = [
  [/^(?:INV|FAC|FV|FE|FA|NF|NC|RG|RE|FT|FTR)[-/ ]?\d/i, 'invoice_number'],
  [/^(?:WO|OT|OS|JOB|BT)[-/ ]?\d/i, 'work_order_number'],
  [/^(?:SKU|ART)-?\d|^REF-\d/i, 'sku'],
  [/^(?:SO|PO|ORD|WEB|ORDER|PED|CMD)[-/ ]?\d/i, 'order_number'],
];

/** Numbers of orders, invoices, parcels, work orders and articles, by what they are called, how they look and what the message is about. */
export function codesIn(reading: Reading, skus: readonly RegExp[]): Found[] {
  const { text } = reading;
  if (!/\d/.test(text)) return [];
  const topic = new Topic(reading);
  const candidate = ({ start, end }: Span): Candidate => ({
    start,
    end,
    code: text.slice(start, end).normalize('NFKC').toUpperCase(),
    hash: text[start - 1] === '#' || text[start - 1] === '＃',
  });
  const plain = spansOf(CODE, text)
    .filter(({ start, end }) => end - start < 41 && /\d/.test(text.slice(start, end)))
    .slice(0, MOST);
  const grouped = spansOf(GROUPED, text)
    .filter((span) => reading.isAll(span) || isCalledOrder(reading, span))
    .filter(({ start, end }) => /\d{2}/.test(text.slice(start, end)));
  const joined = [...spansOf(SPACED, text).filter((span) => isSpacedCode(reading, span)), ...grouped];
  const all = [
    ...joined.slice(0, MOST).map((span) => read(reading, candidate(span), topic, skus, 1)),
    ...plain.map((span) => read(reading, candidate(span), topic, skus, 0)),
  ];
  return alike(all.flatMap((found) => found ?? []));
}

/** Codes of one series are of one type: beside "ref KX-220" a KX-240 is no order. */
function alike(found: readonly Found[]): Found[] {
  const series = new Map<string, string>();
  for (const { value, type, strength } of found) {
    const letters = /^[A-Z]{1,5}-/.exec(value)?.[0];
    if (letters && strength >= STRENGTH.named) series.set(letters, type);
  }
  return found.map((each) => {
    const type = each.strength < STRENGTH.named ? series.get(/^[A-Z]{1,5}-/.exec(each.value)?.[0] ?? '') : undefined;
    return type === undefined ? each : { ...each, type };
  });
}

function isCalledOrder(reading: Reading, span: Span): boolean {
  const named = namedBefore(reading, span);
  return (named?.label === 'order' || named?.label === 'tracking') && named.tight;
}

/** Whether the capitals are a part of the number and not what it is called: "SO 10023" is one, "NF 3390" and "PEDIDO 12" are not. */
function isSpacedCode({ text }: Reading, { start, end }: Span): boolean {
  const [letters = ''] = text.slice(start, end).split(' ');
  return letters === 'SO' || letters === 'FT' || !WORDS_BEFORE_NUMBERS.test(letters);
}

function read(
  reading: Reading,
  candidate: Candidate,
  topic: Topic,
  skus: readonly RegExp[],
  bonus: number,
): Found | undefined {
  const { start, end, code } = candidate;
  const bare = code.replace(/[\s-]/g, '');
  const found = (type: string, strength: number): Found => ({
    type,
    start,
    end,
    value: code,
    strength: strength + bonus,
  });
  if (isUps(bare) || isPostal(bare)) return found('tracking_number', STRENGTH.checked);
  if (looksLikeParcel(bare)) return found('tracking_number', STRENGTH.shaped + 2);
  if (skus.some((pattern) => pattern.test(code))) return found('sku', STRENGTH.named);
  const digits = code.replace(/\D/g, '').length;
  if (digits < 1 || code.length < 2) return undefined;
  const before = namedBefore(reading, candidate);
  const after = before && before.label !== 'number' && before.tight ? undefined : namedAfter(reading, candidate);
  const type = typeOf(reading, candidate, before, after, topic);
  if (!type) return undefined;
  if (type.type === 'order_number' && !isOrderNumber(code)) return undefined;
  if (type.type !== NOTHING && type.type !== 'sku' && digits < 2) return undefined;
  return found(type.type, type.strength);
}

function typeOf(
  reading: Reading,
  candidate: Candidate,
  before: Named | undefined,
  after: Named | undefined,
  topic: Topic,
): Typed | undefined {
  const { code } = candidate;
  const prefixed = PREFIXES.find(([pattern]) => pattern.test(code))?.[1];
  if (prefixed) return { type: prefixed, strength: STRENGTH.named };
  const named = before?.label === 'number' && after ? after : (before ?? after);
  if (named && named.label !== 'number') {
    const typed = fromName(reading, candidate, named, topic);
    if (typed) return typed;
  }
  if (candidate.hash && STREET.test(reading.text.slice(Math.max(0, candidate.start - 25), candidate.start)))
    return { type: NOTHING, strength: STRENGTH.named };
  if (candidate.hash && isOrderNumber(code)) return { type: 'order_number', strength: STRENGTH.named };
  if (named?.label === 'number' && named.tight && isOrderNumber(code) && !topic.is(ELSEWHERE)) {
    return {
      type: topic.is(ABOUT_THINGS) && /[A-Z]/.test(code) ? 'sku' : 'order_number',
      strength: STRENGTH.nearlyNamed,
    };
  }
  return guessed(reading, candidate, topic);
}

/** Colombian and Singaporean addresses have a # in them. */
const STREET = /(?:calle|carrera|cra|cl|kr|unit|blk|block|apt|suite|flat)\b[^#\n]{0,8}#$/i;
/** Verbs and the words before them: "I want to order 300". */
const WISH =
  /(?:\bto|\bwant|\bwould like|\bcan i|\bi'd like to|\bwe|\bi|\bquiero|\bquero|\bgonna|\bwanna|\bmust) (?:order|buy) $/i;

function fromName(
  reading: Reading,
  { code, start, end }: Candidate,
  { label, tight, at }: Named,
  topic: Topic,
): Typed | undefined {
  const digits = code.replace(/\D/g, '').length;
  const strong = tight ? STRENGTH.named : STRENGTH.nearlyNamed;
  const as = (type: string, strength: number = strong): Typed => ({ type, strength });
  if (label === 'phone' || label === 'postal') return undefined;
  if (label === 'other') return tight ? as(NOTHING) : undefined;
  const shaped = /^[A-Z]{1,5}[-/ ]?\d+/.test(code) || /\d[-/]/.test(code);
  if (label === 'order' && !tight && digits < 4 && !shaped) return undefined;
  if (
    label === 'order' &&
    digits < 5 &&
    WISH.test(reading.text.slice(Math.max(0, start - 30), start)) &&
    /^ \p{L}/u.test(reading.text.slice(end, end + 2))
  )
    return undefined;
  // "Invoice for 5512" asks for the invoice of an order, and a short number after "tracking" is one of an order too.
  if (label === 'invoice' && (!tight || at > reading.wordAt(start)))
    return topic.is(ELSEWHERE) ? undefined : as('order_number');
  if (label === 'tracking' && (code.replace(/\W/g, '').length < 8 || digits < 5))
    return digits > 2 ? as('order_number') : undefined;
  if (label === 'invoice' && digits < 3) return undefined;
  if (label === 'order' && isWork(reading, at)) return as('work_order_number');
  if (label === 'sku' && !tight && !shaped) return undefined;
  if (label === 'sku' && digits < 5 && !/[A-Z]|-/.test(code)) return undefined;
  // A parcel's number is longer than any order's.
  if (label === 'order' && tight && /^(?:JJ?D|TRK|JT|DTDC|6[AT]|H1)\d{6,}$/.test(code)) return as('tracking_number');
  return as(TYPES[label] ?? NOTHING);
}
