import type { Span } from './entity.js';

/** A word of the text, made comparable. */
export interface Word extends Span {
  readonly word: string;
}

const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** A word without case, accents of Latin letters, vowel marks and the shapes of Arabic and Hindi letters that sound alike. */
export function foldedWord(word: string): string {
  const lower = word.toLowerCase();
  if (/^[a-z0-9]*$/.test(lower)) return lower;
  return lower
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\u064b-\u065f\u0640\u093c]/g, '')
    .replace(/ı/g, 'i')
    .replace(/ß/g, 'ss')
    .replace(/[أإآ]/g, 'ا')
    .replace(/ة/g, 'ه')
    .replace(/ى/g, 'ي');
}

/** A text as finders read it: its words are cut and folded once, when the first of them asks. */
export class Reading {
  #words: Word[] | undefined;

  constructor(readonly text: string) {}

  get words(): readonly Word[] {
    this.#words ??= [...this.text.matchAll(WORD)].map(({ 0: found, index: start }) => ({
      word: foldedWord(found),
      start,
      end: start + found.length,
    }));
    return this.#words;
  }

  /** Index of the first word that begins at or after a position. */
  wordAt(position: number): number {
    let low = 0;
    let high = this.words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.words[middle]?.start ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether any word belongs to the vocabulary. */
  mentions(vocabulary: Vocabulary): boolean {
    return this.words.some(({ word }) => vocabulary.has(word));
  }

  /** Whether a piece is all there is but for punctuation. */
  isAll({ start, end }: Span): boolean {
    return !/[\p{L}\p{N}]/u.test(this.text.slice(0, start) + this.text.slice(end));
  }
}

/** Words of one meaning in all languages: `orders` is itself, `bestell*` all that begins so. */
export class Vocabulary {
  readonly #words = new Set<string>();
  readonly #beginnings = new Set<string>();
  readonly #lengths: number[];

  constructor(words: string) {
    for (const each of words.split(/\s+/).filter(Boolean)) {
      if (each.endsWith('*')) this.#beginnings.add(foldedWord(each.slice(0, -1)));
      else this.#words.add(foldedWord(each));
    }
    this.#lengths = [...new Set([...this.#beginnings].map(({ length }) => length))];
  }

  has(word: string): boolean {
    return this.#words.has(word) || this.#lengths.some((length) => this.#beginnings.has(word.slice(0, length)));
  }
}
