import { folded, tokens } from './normalise.js';

/** A text as a sparse vector: distinct buckets and what each weighs; its length is the same for every text. */
export interface Features {
  readonly buckets: Int32Array;
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

/** Mixes all bits into the low ones, which choose the bucket. */
function mixed(hash: number): number {
  let state = hash ^ (hash >>> 15);
  state = Math.imul(state, 0x2c1b3c6d);
  return (state ^ (state >>> 12)) >>> 0;
}

const SEED = 0x811c9dc5;

class Gathering {
  readonly found = new Map<number, number>();

  constructor(private readonly mask: number) {}

  add(hash: number, weight: number): void {
    const bucket = mixed(hash) & this.mask;
    this.found.set(bucket, (this.found.get(bucket) ?? 0) + weight);
  }

  features(): Features {
    const buckets = Int32Array.from(this.found.keys());
    // What comes often says less each time.
    const weights = Float32Array.from(this.found.values(), (weight) => (weight > 1 ? 1 + Math.log(weight) : weight));
    const length = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0)) || 1;
    return { buckets, weights: weights.map((weight) => (weight * NORM) / length) };
  }
}

/** Words, pairs of neighbours, pairs with one word between, pieces of words. @param buckets a power of two */
export function intentFeatures(text: string, buckets: number): Features {
  const words = tokens(folded(text));
  const gathering = new Gathering(buckets - 1);
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

/** Pieces of words as they are written, accents and all: what tells languages apart. @param buckets a power of two */
export function languageFeatures(lowerCase: string, buckets: number): Features {
  const gathering = new Gathering(buckets - 1);
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
