/** How two order numbers are compared: NFKC, ASCII digits, upper case, without `#` and spaces. */
export function normaliseOrderNumber(text: string): string {
  return asciiDigits(text.normalize('NFKC')).toUpperCase().replaceAll(/[#\s]/gu, '');
}

/** Every decimal digit of Unicode as its ASCII twin: decimal digits come in runs of ten that start at their zero. */
export function asciiDigits(text: string): string {
  return text.replaceAll(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0)!;
    let zero = code;
    while (isDigit(zero - 1)) zero -= 1;
    return String((code - zero) % 10);
  });
}

/**
 * The order number in an answer to "which order?": the whole text if it is one, else the only piece of it that is one.
 * Null when there is none, or when two pieces could be meant.
 */
export function orderNumberIn(text: string): string | null {
  const clean = asciiDigits(text.normalize('NFKC'));
  const pieces = clean.match(/#?[\p{L}\p{N}]+(?:[-/.][\p{L}\p{N}]+)*/gu) ?? [];
  const candidates = [...new Set(pieces.filter(isOrderNumber))];
  if (candidates.length === 0 && isOrderNumber(clean.trim())) return clean.trim().replace(/^#/, '');
  return candidates.length === 1 ? candidates[0]!.replace(/^#/, '') : null;
}

/** At most this many words make up one number, and at most this many readings are worth a question to the ERP. */
const MOST_WORDS = 4;
const MOST_READINGS = 4;

/**
 * What else a number heard in a text could be, shortest first: a number may hold single spaces, so that of "order 7700 8800"
 * only the ERP knows where the number ends.
 */
export function longerNumbers(text: string, heard: string): string[] {
  const clean = asciiDigits(text.normalize('NFKC'));
  const words = [...clean.matchAll(/[^\s,;:!?()"]+/gu)].map(({ 0: word, index }) => {
    const bare = word.replace(/^#|\.$/g, '');
    return { bare, start: index, end: index + word.length };
  });
  const known = normaliseOrderNumber(heard);
  const found: string[] = [];
  for (let count = 2; count <= MOST_WORDS; count += 1) {
    for (let from = 0; from + count <= words.length; from += 1) {
      const part = words.slice(from, from + count);
      const adjacent = part.every(({ start }, n) => n === 0 || clean.slice(part[n - 1]!.end, start) === ' ');
      const reading = part.map(({ bare }) => bare).join(' ');
      const key = normaliseOrderNumber(reading);
      const named = part.some(({ bare }) => normaliseOrderNumber(bare) === known);
      if (adjacent && named && key !== known && isOrderNumber(reading)) found.push(reading);
    }
  }
  return found.slice(0, MOST_READINGS);
}

/** Whether a text has the shape of an order number: 3 to 24 characters, at least two digits. */
export function isOrderNumber(text: string): boolean {
  const bare = text.replace(/^#/, '');
  const digits = bare.match(/[0-9]/g)?.length ?? 0;
  return bare.length >= 3 && bare.length <= 24 && digits >= 2 && /^[\p{L}\p{N}]+(?:[-/. ][\p{L}\p{N}]+)*$/u.test(bare);
}

const isDigit = (code: number): boolean => /^\p{Nd}$/u.test(String.fromCodePoint(code));
