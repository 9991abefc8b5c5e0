import type { OwnNumber } from '../entities/own-numbers.js';

/** What a business teaches the parser beside the intents it has: one file of `content/intents`. */
export interface OwnIntent {
  readonly intent: string;
  /** What customers write who want it. */
  readonly examples: readonly string[];
  /** Words that are read as another word: that word -> the words. */
  readonly synonyms: Readonly<Record<string, readonly string[]>>;
  /** Numbers with a shape of the business's own. */
  readonly numbers: readonly OwnNumber[];
}
