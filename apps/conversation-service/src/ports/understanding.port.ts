import type { Understanding } from '../domain/turn.js';

/** One text to understand. */
export interface Utterance {
  text: string;
  /** BCP 47 language that is likely; empty for no idea. */
  languageHint: string;
  /** What was asked last; empty for nothing. */
  asked: string;
}

/** Makes intents out of texts. */
export abstract class Understander {
  /**
   * One result per utterance, in order.
   * @throws AppError retryable when the intent service is away
   */
  abstract understand(utterances: readonly Utterance[]): Promise<Understanding[]>;
}
