import { normalise, tokens } from './normalise.js';

/** Buckets of the hashed features: 65,536 rows of weights keep collisions rare for a vocabulary of some ten thousand. */
export const BUCKETS = 1 << 16;

/** FNV-1a, 32 bit, folded to a bucket. */
function bucketOf(feature: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < feature.length; index += 1) {
    hash ^= feature.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  return ((hash >>> 16) ^ (hash & 0xffff)) & (BUCKETS - 1);
}

function* namesOf(words: string[]): Generator<string> {
  for (const [index, word] of words.entries()) {
    yield `w:${word}`;
    yield `b:${words[index - 1] ?? '^'} ${word}`;
    const padded = `<${word}>`;
    for (let size = 3; size <= 5; size += 1) {
      for (let start = 0; start + size <= padded.length; start += 1) yield `c:${padded.slice(start, start + size)}`;
    }
  }
  yield `n:${Math.min(words.length, 8)}`;
}

/** The features of a text: words, pairs of words and pieces of words, as distinct buckets. */
export function featuresOf(text: string): Uint32Array {
  const words = tokens(normalise(text));
  return Uint32Array.from(new Set([...namesOf(words)].map(bucketOf)));
}
