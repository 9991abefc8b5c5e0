import { folded } from '../normalise.js';
import type { OwnIntent } from './own-intent.js';

const WORD = /[\p{L}\p{M}\p{N}]+/gu;
/** "gift wrapping" is a synonym of two words; nobody's has more than four. */
export const MOST_WORDS = 4;

interface Place {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

const placesIn = (text: string): Place[] =>
  [...text.matchAll(WORD)].map(({ 0: word, index: start }) => ({ word, start, end: start + word.length }));

/** A word or phrase as synonyms are compared: folded, single spaces, nothing but words. */
export const asWords = (text: string): string =>
  placesIn(folded(text))
    .map(({ word }) => word)
    .join(' ');

/** Words of a business that mean the same as another of its words. */
export class Synonyms {
  readonly #canonical = new Map<string, string>();

  constructor(intents: readonly Pick<OwnIntent, 'synonyms'>[]) {
    for (const [word, others] of intents.flatMap(({ synonyms }) => Object.entries(synonyms))) {
      for (const other of others) this.#canonical.set(asWords(other), asWords(word));
    }
  }

  /** The text with each synonym replaced by the word it stands for, the longest first; the text itself when it has none. */
  read(text: string): string {
    if (this.#canonical.size === 0) return text;
    const plain = folded(text);
    const places = placesIn(plain);
    let [read, from] = ['', 0];
    for (let at = 0; at < places.length; at += 1) {
      const found = this.#longestAt(places, at);
      if (!found) continue;
      read += plain.slice(from, places[at]?.start) + found.word;
      at += found.words - 1;
      from = places[at]?.end ?? plain.length;
    }
    return from === 0 ? text : read + plain.slice(from);
  }

  #longestAt(places: readonly Place[], at: number): { word: string; words: number } | undefined {
    const most = Math.min(MOST_WORDS, places.length - at);
    for (let words = most; words > 0; words -= 1) {
      const key = places
        .slice(at, at + words)
        .map(({ word }) => word)
        .join(' ');
      const word = this.#canonical.get(key);
      if (word !== undefined) return { word, words };
    }
    return undefined;
  }
}
