import { asciiDigits } from '../normalise.js';
import { STRENGTH, spansOf, type Found } from './entity.js';
import type { Reading } from './reading.js';

/** Numbers of a business's own: what they are, and how they look. */
export interface OwnNumber {
  readonly type: string;
  /** `0` is a digit, `a` a letter; capitals, 1 to 9 and single - / . or spaces are themselves. */
  readonly masks: readonly string[];
}

/** A mask, and what it says of a piece of text. */
interface Shape {
  readonly type: string;
  readonly mask: string;
  readonly pattern: RegExp;
}

/** What a mask may be made of: groups of signs, joined by single separators. */
export const MASK = /^[0-9A-Za]+(?:[-/. ][0-9A-Za]+)*$/;
/** Longer numbers than anybody types; it also bounds the work. */
export const LONGEST_MASK = 32;
/** What may stand between two groups, whatever the mask has there: "EN-123", "EN 123" and "EN123" are one number to customers. */
const SEPARATOR = '[-/. ]?';

/**
 * Each sign of a mask becomes one class, each separator at most one sign that no class of its neighbours takes: there is one way
 * to match at most, so nothing is ever tried twice.
 */
function patternOf(mask: string): RegExp {
  const body = [...mask].map((sign) => {
    if (sign === '0') return '\\d';
    if (sign === 'a') return '[A-Za-z]';
    if (/[A-Z]/.test(sign)) return `[${sign}${sign.toLowerCase()}]`;
    return /[1-9]/.test(sign) ? sign : SEPARATOR;
  });
  return new RegExp(
    `(?<![\\p{L}\\p{M}\\p{N}]|[\\p{L}\\p{N}][-/.])${body.join('')}(?![\\p{L}\\p{M}\\p{N}]|[-/.][\\p{L}\\p{N}])`,
    'gu',
  );
}

/** The number as the mask writes it: upper case, with the mask's separators. */
function written(mask: string, found: string): string {
  const signs = found.toUpperCase().replace(/[-/. ]/g, '');
  let at = 0;
  return [...mask].map((sign) => (/[-/. ]/.test(sign) ? sign : (signs[at++] ?? ''))).join('');
}

/** Finds a business's own numbers in a text. */
export class OwnNumbers {
  readonly #shapes: readonly Shape[];

  /** @param numbers with masks that are `MASK`s */
  constructor(numbers: readonly OwnNumber[]) {
    this.#shapes = numbers.flatMap(({ type, masks }) =>
      masks.map((mask) => ({ type, mask, pattern: patternOf(mask) })),
    );
  }

  /** All that has the shape of one of them; stronger than what anything else takes a piece for. */
  in({ text }: Reading): Found[] {
    return this.#shapes.flatMap(({ type, mask, pattern }) =>
      spansOf(pattern, text).map(({ start, end, groups }) => {
        return { type, start, end, value: written(mask, groups[0]), strength: STRENGTH.written };
      }),
    );
  }

  /** The text with each of them replaced by one word for its type: which number it is says nothing about what is wanted. */
  asWords(text: string): string {
    if (this.#shapes.length === 0) return text;
    return this.#shapes.reduce(
      (read, { type, pattern }) => read.replace(pattern, type.replaceAll('_', '')),
      asciiDigits(text),
    );
  }
}
