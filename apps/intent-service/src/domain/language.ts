import { languageFeatures } from './features.js';
import type { LinearModel } from './linear-model.js';
import { normalise, wordCount } from './normalise.js';

/** Detects a language; undefined when it is not sure. */
export type Detector = (text: string) => string | undefined;

/** A script that one of our languages has for itself decides alone. */
function byScript(text: string): string | undefined {
  if (/\p{Script=Devanagari}/u.test(text)) return 'hi';
  return /\p{Script=Arabic}/u.test(text) ? 'ar' : undefined;
}

const SURE = 0.6;
const VERY_SURE = 0.85;

/**
 * The language of a message as BCP 47, or the empty string when fewer than three words are recognised with confidence:
 * two opinions that agree, or one of our own that is very sure.
 */
export function languageOf(text: string, own: LinearModel, detector: Detector): string {
  if (wordCount(text) < 3) return '';
  const script = byScript(text);
  if (script) return script;
  const [best] = own.classify(languageFeatures(normalise(text), own.weights.buckets));
  if (!best) return '';
  const language = best.label.split('-')[0] ?? '';
  if (best.probability >= VERY_SURE) return language;
  return best.probability >= SURE && detector(text) === language ? language : '';
}
