import type { Entity } from './entities.js';
import { asciiDigits } from './normalise.js';

/** A grade from 1 to 5 that stands alone: not part of a number, a date or a code. */
const RATING = /(?<![\p{L}\p{N}#/+-]|\p{N}[.,:])[1-5](?![\p{L}\p{N}]|[.,:]\p{N}|[/-](?!\s?5(?!\p{N})))/u;

/** Stars, as many as there are; the sign that chooses their colour may stand behind each. */
const STARS = /(?<![⭐★])(?:[⭐★]\uFE0F?\s?){1,5}(?![⭐★])/u;

/** The grade a message gives in a digit or in stars; empty for none. */
export function ratingIn(original: string): Entity[] {
  const found = RATING.exec(asciiDigits(original));
  if (!found) return starsIn(original);
  const { index: start, 0: value } = found;
  const end = start + value.length;
  return [{ type: 'rating', text: original.slice(start, end), value, start, end }];
}

function starsIn(original: string): Entity[] {
  const found = STARS.exec(original);
  if (!found) return [];
  const text = found[0].trimEnd();
  const value = String(text.match(/[⭐★]/gu)?.length ?? 0);
  return [{ type: 'rating', text, value, start: found.index, end: found.index + text.length }];
}

const LANGUAGES = ['en', 'es', 'pt', 'fr', 'de', 'ar', 'hi', 'id', 'tr', 'it'];
/** Ways of writing that no table of names has. */
const ALSO_WRITTEN: Record<string, readonly string[]> = {
  en: ['ingles'],
  es: ['espanol', 'castellano'],
  pt: ['portugues'],
  fr: ['francais'],
  ar: ['arabic', 'عربي', 'عربى'],
  hi: ['हिंदी'],
};

// A language has a name in each of the languages our customers write: "Spanisch", "espagnol", "الإسبانية".
const namesByCode = LANGUAGES.map((code) => {
  const named = LANGUAGES.map((speaker) => new Intl.DisplayNames(speaker, { type: 'language' }).of(code) ?? '');
  const own = (ALSO_WRITTEN[code] ?? []).concat(named).filter((name) => name.length > 2);
  // An Arabic word takes its preposition and drops its article; the others stand alone.
  const bare = own.map((name) => name.toLowerCase().replace(/^ال/u, ''));
  return [
    code,
    new RegExp(`(?<!(?!\\p{Script=Arabic})[\\p{L}\\p{M}])(?:${bare.join('|')})(?![\\p{L}\\p{M}])`, 'iu'),
  ] as const;
});

/** The languages a message names, in their order, by code; empty for none. */
export function languagesNamedIn(original: string): Entity[] {
  const found = namesByCode.flatMap(([value, names]): Entity[] => {
    const match = names.exec(original);
    if (!match) return [];
    const { index: start, 0: text } = match;
    return [{ type: 'language', text, value, start, end: start + text.length }];
  });
  return found.sort((a, b) => a.start - b.start);
}
