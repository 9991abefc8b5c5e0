import { asciiDigits } from './normalise.js';

/** A piece of the text that means something; `start` and `end` are UTF-16 offsets into the original. */
export interface Entity {
  type: string;
  text: string;
  value: string;
  start: number;
  end: number;
}

const EMAIL = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/gu;
/** International numbers, and long runs of digits with the separators people use. */
const PHONE = /\+\d[\d ().-]{6,18}\d|(?<![\p{L}\d#/-])\d{3}[ .-]\d{3,4}[ .-]\d{3,4}(?![\p{L}\d])/gu;
/** Dates in digits: 2026-11-22, 22/11/2026, 22.11.26. */
const DATE = /(?<![\d/-])(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d{2}))(?![\d/-])/gu;
const TIME = /(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)/gu;
/** Card numbers, in groups or not; Luhn decides. */
const CARD = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/gu;
/** Money: a currency beside a number. */
const AMOUNT =
  /(?:[$€£₹]|R\$|Rp\.? ?|USD ?|EUR ?)\d[\d.,]*|\d[\d.,]*\s?(?:[$€£₹]|usd|eur|euros?|dollars?|reais|rupees?|rupiah|dirhams?|pounds?)(?![\p{L}])/giu;
/** Numbers that count something: "100 days", "12 Stück". */
const MEASURE =
  /(?<![\p{L}\d#/-])\d+\s?(?:%|kg|g|ml|l|cm|mm|km|days?|weeks?|months?|years?|hours?|minutes?|mins?|d[ií]as?|semanas?|horas?|meses|dias|jours?|semaines?|heures?|mois|tagen?|wochen?|stunden?|monaten?|stück|أيام|يوم|ساعة|दिन|घंटे|hari|minggu|bulan|jam|pcs|x)(?![\p{L}\d])/giu;
/** An order number as the contract has it, without spaces: letters and digits joined by single - / or dots. */
const NUMBER = /#?[\p{L}\d]+(?:[-/.][\p{L}\d]+)*/gu;
/** Letters, a space, digits: "SO 10023". Capitals only, since any word may stand before a number. */
const SPACED = /(?<![\p{L}\d])#?\p{Lu}{1,4} \d{2,}(?:[-/.][\p{L}\d]+)*(?![\p{L}\d])/gu;
/** Short groups with spaces: "77 88 99", "1 234", "55 A". Numbers only where one is named; the first group alone is none. */
const GROUPED = /(?<![\p{L}\d#/.-])#?\d{1,2}(?: (?:\d+|\p{Lu}{1,2}(?!\p{L})))+(?![\p{L}\d]|[-/.][\p{L}\d])/gu;
/** What people write right before an order number. */
const LABEL =
  /(?:#|order|orders|number|numbers|num|no\.?|nr\.?|nº|n°|pedido|pedidos|orden|encomenda|compra|número|numero|commande|numéro|bestellung|bestellnummer|auftrag|nummer|ordine|sipariş|طلب|طلبي|الطلب|رقم|طلبية|الطلبية|شحنة|الشحنة|ऑर्डर|आर्डर|नंबर|pesanan|nomor|orderan|resi)[\s:#.,-]*$/iu;
/** No label with what stands between it and its number is longer. */
const LABEL_REACH = 40;
/** WhatsApp allows this many characters; what lies beyond is nobody's message, and patterns must not run over it. */
const LONGEST = 4096;

interface Span {
  start: number;
  end: number;
}

function spansOf(pattern: RegExp, text: string): Span[] {
  return [...text.matchAll(pattern)].map(({ index, 0: found }) => ({ start: index, end: index + found.length }));
}

const overlap = (one: Span, other: Span): boolean => one.start < other.end && other.start < one.end;

function entity(type: string, original: string, { start, end }: Span, value: string): Entity {
  return { type, text: original.slice(start, end), value, start, end };
}

function passesLuhn(digits: string): boolean {
  if (digits.length < 13 || digits.length > 19) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

function isOrderNumber(candidate: string): boolean {
  const digits = candidate.replace(/\D/g, '');
  return candidate.length >= 3 && candidate.length <= 24 && digits.length >= 2 && !passesLuhn(digits);
}

/**
 * Candidates for order numbers outside the spans that are something else, best first: labelled ones, then as they come.
 * What only looks like something else (a date, a phone without its +) is a number of an order where it is called one.
 */
function orderNumbers(text: string, taken: readonly Span[], lookalikes: readonly Span[]): Span[] {
  const labelled = ({ start }: Span): boolean => LABEL.test(text.slice(Math.max(0, start - LABEL_REACH), start));
  const alone = ({ start, end }: Span): boolean => text.trim() === text.slice(start, end);
  const free = (span: Span): boolean =>
    !taken.some((other) => overlap(span, other)) &&
    (labelled(span) || !lookalikes.some((other) => overlap(span, other)));
  const grouped = spansOf(GROUPED, text).filter((span) => labelled(span) || alone(span));
  const spaced = [...spansOf(SPACED, text), ...grouped].filter(free);
  const plain = spansOf(NUMBER, text).filter((span) => free(span) && !spaced.some((other) => overlap(span, other)));
  const trimmed = [...spaced, ...plain].map(({ start, end }) =>
    text[start] === '#' ? { start: start + 1, end } : { start, end },
  );
  return (
    trimmed
      .filter(({ start, end }) => isOrderNumber(text.slice(start, end)))
      // A lower-case word with digits in it ("mp3", "covid19") is a number of an order only when it is called one.
      .filter(
        (span) =>
          labelled(span) ||
          !/\p{Ll}/u.test(text.slice(span.start, span.end)) ||
          /^\p{Ll}{1,4}[-/]?\d{3,}/u.test(text.slice(span.start, span.end)),
      )
      .sort((a, b) => Number(labelled(b)) - Number(labelled(a)) || a.start - b.start)
  );
}

/** Finds what flows need: order numbers first, e-mail addresses and phones, and what must not be taken for an order number. */
export function extractEntities(original: string): Entity[] {
  // Digits of other scripts in the Basic Multilingual Plane are one unit long, so offsets stay.
  const text = asciiDigits(original.slice(0, LONGEST));
  const emails = spansOf(EMAIL, text);
  const digitsOf = ({ start, end }: Span): string => text.slice(start, end).replace(/\D/g, '');
  const phonelike = spansOf(PHONE, text).filter((span) => digitsOf(span).length >= 7);
  const international = phonelike.filter(({ start }) => text[start] === '+');
  const amounts = spansOf(AMOUNT, text);
  const cards = spansOf(CARD, text).filter((span) => passesLuhn(digitsOf(span)));
  const others = [TIME, MEASURE].flatMap((pattern) => spansOf(pattern, text));
  const lookalikes = [...phonelike, ...spansOf(DATE, text)];
  const orders = orderNumbers(text, [...emails, ...cards, ...international, ...amounts, ...others], lookalikes);
  const phones = phonelike.filter((span) => !orders.some((order) => overlap(span, order)));
  return [
    ...orders.map((span) =>
      entity('order_number', original, span, text.slice(span.start, span.end).normalize('NFKC').toUpperCase()),
    ),
    ...emails.map((span) => entity('email', original, span, text.slice(span.start, span.end).toLowerCase())),
    ...phones.map((span) => entity('phone', original, span, text.slice(span.start, span.end).replace(/[^\d+]/g, ''))),
    ...amounts.map((span) =>
      entity('amount', original, span, text.slice(span.start, span.end).replace(/[^\d.,]/g, '')),
    ),
  ];
}
