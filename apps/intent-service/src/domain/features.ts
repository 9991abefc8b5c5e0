import { folded, tokens } from './normalise.js';

/** A text as a sparse vector: names of its features as 32-bit hashes, and what each weighs. */
export interface Features {
  readonly keys: Int32Array;
  readonly weights: Float32Array;
}

/** Kinds of features; the number goes into the hash, so that the word "an" and the piece "an" have nothing in common. */
const WORD = 1;
const PAIR = 2;
const SKIP = 3;
const PIECE = 4;
const LENGTH = 5;

const PIECES = { from: 2, to: 5 };
/** Length of every vector: what one wrong word may move a score by. */
const NORM = 3;
const START = '^';

/** FNV-1a of a piece of text, continued from `hash`. */
function hashed(hash: number, text: string, from = 0, to = text.length): number {
  let state = hash;
  for (let at = from; at < to; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  return state;
}

/** Mixes all bits, so that the low ones, which tables go by, are as good as the others. */
function mixed(hash: number): number {
  let state = hash ^ (hash >>> 15);
  state = Math.imul(state, 0x2c1b3c6d);
  return state ^ (state >>> 12);
}

const SEED = 0x811c9dc5;

class Gathering {
  readonly found = new Map<number, number>();

  add(hash: number, weight: number): void {
    const key = mixed(hash) | 0;
    this.found.set(key, (this.found.get(key) ?? 0) + weight);
  }

  // The length counts what the model has never seen too: the less it knows of a text, the less it has to say.
  features(): Features {
    const keys = Int32Array.from(this.found.keys());
    // What comes often says less each time.
    const weights = Float32Array.from(this.found.values(), (weight) => (weight > 1 ? 1 + Math.log(weight) : weight));
    const length = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0)) || 1;
    return { keys, weights: weights.map((weight) => (weight * NORM) / length) };
  }
}

let last: { text: string; words: readonly string[] } = { text: '', words: [] };

/** Words of a text. Those of the last one are kept: one message is asked about several times, and cutting it costs the most. */
function wordsOf(text: string): readonly string[] {
  if (last.text !== text) last = { text, words: tokens(folded(text)) };
  return last.words;
}

/** Words, pairs of neighbours, pairs with one word between, pieces of words. */
export function intentFeatures(text: string): Features {
  const words = wordsOf(text);
  const gathering = new Gathering();
  words.forEach((word, at) => {
    const before = words[at - 1] ?? START;
    gathering.add(hashed(SEED ^ WORD, word), 1);
    gathering.add(hashed(hashed(SEED ^ PAIR, before) ^ 32, word), 1);
    if (at > 1) gathering.add(hashed(hashed(SEED ^ SKIP, words[at - 2] ?? '') ^ 32, word), 0.6);
    addPieces(gathering, `<${word}>`, PIECES);
  });
  gathering.add(hashed(SEED ^ LENGTH, String(Math.min(words.length, 12))), 0.5);
  return gathering.features();
}

/** The features that are whole words, one for each word of a text. */
export function wordKeys(text: string): Int32Array {
  return Int32Array.from(wordsOf(text), (word) => mixed(hashed(SEED ^ WORD, word)));
}

/** Pieces of words as they are written, accents and all: what tells languages apart. */
export function languageFeatures(lowerCase: string): Features {
  const gathering = new Gathering();
  for (const word of lowerCase.match(/[\p{L}\p{M}]+/gu) ?? []) {
    gathering.add(hashed(SEED ^ WORD, word), 1);
    addPieces(gathering, `<${word}>`, { from: 1, to: 4 });
  }
  return gathering.features();
}

function addPieces(gathering: Gathering, padded: string, { from, to }: { from: number; to: number }): void {
  for (let size = from; size <= to; size += 1) {
    for (let start = 0; start + size <= padded.length; start += 1) {
      gathering.add(hashed(SEED ^ PIECE, padded, start, start + size), 0.5);
    }
  }
}
