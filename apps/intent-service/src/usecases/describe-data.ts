import { createHash } from 'node:crypto';
import type { Utterance } from '../domain/utterance.js';

/** SHA-256 of the utterances, whatever files they lie in and however these are ordered. */
export function digestOf(utterances: readonly Utterance[]): string {
  const hash = createHash('sha256');
  for (const line of utterances.map((utterance) => JSON.stringify(utterance)).sort()) hash.update(line).update('\n');
  return hash.digest('hex');
}
