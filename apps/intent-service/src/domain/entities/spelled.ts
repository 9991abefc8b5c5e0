import { STRENGTH, type Found } from './entity.js';
import { namedBefore } from './labels.js';
import { valueOfWord } from './number-words.js';
import type { Reading } from './reading.js';

/** Ones that are articles, or nothing at all, in too many messages. */
const ARTICLES = new Set(['um', 'un', 'une', 'una', 'ein', 'eine', 'uma', 'einen', 'teen']);
/** Dictated digits: "oh" is a zero, and a number begins with "one" as well as with "six". */
const digitOf = (word: string | undefined): number | undefined => {
  if (word === undefined || ARTICLES.has(word)) return undefined;
  const value = word === 'oh' ? 0 : valueOfWord(word);
  return value !== undefined && value < 10 ? value : undefined;
};
const LEAST = 3;

/** Numbers of orders and phones that are dictated digit by digit: "order four four seven zero". */
export function spelledIn(reading: Reading): Found[] {
  const { words } = reading;
  const found: Found[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const digits: number[] = [];
    for (let digit = digitOf(words[at]?.word); digit !== undefined; digit = digitOf(words[at + digits.length]?.word))
      digits.push(digit);
    const [first, last] = [words[at], words[at + digits.length - 1]];
    if (first && last && digits.length >= LEAST) {
      const label = namedBefore(reading, first)?.label;
      const type = digits.length > 8 || label === 'phone' ? 'phone' : 'order_number';
      const called = label === 'order' || label === 'number' || type === 'phone';
      if (called)
        found.push({ type, start: first.start, end: last.end, value: digits.join(''), strength: STRENGTH.named });
    }
    at += Math.max(digits.length - 1, 0);
  }
  return found;
}
