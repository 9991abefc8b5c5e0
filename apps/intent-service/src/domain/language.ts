import type { Entity } from './entities.js';
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
/** Words that are needed to rely on a guess. */
const ENOUGH = 3;

/** Whatever has a digit or an @ in it, and addresses of pages. */
const CODES =
  /\S*[@\p{N}]\S*|(?:https?:\/\/|www\.)\S+|\p{L}[\p{L}-]*(?:\.\p{L}+)*\.(?:com|net|org|info|shop|store|app|example|\p{L}{2})(?![\p{L}\p{M}])(?:\/\S*)?/giu;
/** "WEB", "iPhone", "McDonald": written as names are. Of a message all in capitals they are the words. */
const NAMES = /(?<![\p{L}\p{M}])(?:\p{Lu}{2,}|\p{L}+\p{Ll}\p{Lu}\p{L}*|\p{Ll}\p{Lu}\p{L}+)(?![\p{L}\p{M}])/gu;

/** Entities that are worded differently in each language. */
const WORDED = new Set(['date', 'time', 'quantity', 'amount', 'rating', 'language']);

/** What of a text shows its writer's language: not numbers, addresses, codes and names, which are the same in all. */
export function plainWords(text: string, entities: readonly Entity[]): string {
  let rest = text;
  for (const { start, end } of entities.filter(({ type }) => !WORDED.has(type)).sort((a, b) => b.start - a.start)) {
    rest = `${rest.slice(0, start)} ${rest.slice(end)}`;
  }
  const words = rest.replace(CODES, ' ');
  return /\p{Ll}/u.test(words) ? words.replace(NAMES, ' ') : words;
}

/** The language a text is most likely written in, as BCP 47, empty without words; and whether to rely on it. */
export interface LanguageGuess {
  readonly language: string;
  readonly certain: boolean;
}

const NONE: LanguageGuess = { language: '', certain: false };

/**
 * Our own opinion where it is sure, else the detector's. Certain are three words or more of which two opinions agree, or ours
 * is very sure.
 */
export function languageOf(text: string, own: LinearModel, detector: Detector): LanguageGuess {
  const words = wordCount(text);
  if (words === 0) return NONE;
  const script = byScript(text);
  if (script) return { language: script, certain: words >= ENOUGH };
  const [best] = own.classify(languageFeatures(normalise(text)));
  const ours = best?.label.split('-')[0] ?? '';
  const probability = best?.probability ?? 0;
  const theirs = probability < VERY_SURE ? detector(text) : undefined;
  const certain = probability >= VERY_SURE || (probability >= SURE && theirs === ours);
  return { language: probability >= SURE ? ours : (theirs ?? ours), certain: certain && words >= ENOUGH };
}
