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

/**
 * The language of a message as BCP 47, or the empty string when fewer than three words are recognised with confidence:
 * two opinions that agree, or one of our own that is very sure.
 */
export function languageOf(text: string, own: LinearModel, detector: Detector): string {
  if (wordCount(text) < 3) return '';
  const script = byScript(text);
  if (script) return script;
  const [best] = own.classify(languageFeatures(normalise(text)));
  if (!best) return '';
  const language = best.label.split('-')[0] ?? '';
  if (best.probability >= VERY_SURE) return language;
  return best.probability >= SURE && detector(text) === language ? language : '';
}
