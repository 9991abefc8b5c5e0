import { STRENGTH, type Found } from './entity.js';
import { foldedWord, type Reading } from './reading.js';

interface Named {
  readonly name: string;
  readonly words: readonly string[];
}

/** Names of what a business sells, by the beginning of their first word, so that a message is compared with few of them. */
export class Gazetteer {
  readonly #byBeginning = new Map<string, Named[]>();

  constructor(names: readonly string[]) {
    for (const name of names) {
      const words = [...name.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].map(([word]) => foldedWord(word));
      const key = beginningOf(words[0] ?? '');
      if (!key) continue;
      const alike = this.#byBeginning.get(key) ?? [];
      alike.push({ name, words });
      this.#byBeginning.set(
        key,
        alike.sort((a, b) => b.words.length - a.words.length),
      );
    }
  }

  /** Names that may begin with this word, the longest first. */
  beginningWith(word: string): readonly Named[] {
    return this.#byBeginning.get(beginningOf(word)) ?? [];
  }
}

/** People hit the first letter of a word more often than any other. */
const beginningOf = (word: string): string => word.slice(0, 1);

/** Products of the catalogue, as their names are there; one typo in a word of four letters, two in one of eight. */
export function productsIn({ words }: Reading, gazetteer: Gazetteer): Found[] {
  const found: Found[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const first = words[at];
    const match =
      first &&
      gazetteer
        .beginningWith(first.word)
        .find((named) => named.words.every((word, nth) => isAlike(words[at + nth]?.word ?? '', word)));
    const last = match && words[at + match.words.length - 1];
    if (!first || !last || !match) continue;
    found.push({ type: 'product', start: first.start, end: last.end, value: match.name, strength: STRENGTH.money });
    at += match.words.length - 1;
  }
  return found;
}

function isAlike(written: string, name: string): boolean {
  if (written === name) return true;
  const allowed = name.length >= 8 ? 2 : name.length >= 4 ? 1 : 0;
  // Plurals and case endings are no typos.
  if (name.length >= 4 && written.startsWith(name) && written.length - name.length <= 2) return true;
  return /\d/.test(name) ? false : distanceWithin(written, name, allowed);
}

/** Whether at most so many letters were left out, added, changed or swapped with the next. */
export function distanceWithin(one: string, other: string, allowed: number): boolean {
  if (Math.abs(one.length - other.length) > allowed) return false;
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (swapped) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      next.push(cost);
    }
    if (Math.min(...next) > allowed) return false;
    [before, last] = [last, next];
  }
  return (last[other.length] ?? 0) <= allowed;
}
