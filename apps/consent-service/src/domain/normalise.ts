/** Accents of Latin letters; Arabic vowel signs, hamzas and tatweel; the Devanagari nukta; variation selectors; keycaps. */
const MARKS = /[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u093c\ufe00-\ufe0f\u20e3]/g;
/** Joiners and direction marks: invisible, put in by keyboards. */
const INVISIBLE = /\p{Cf}/gu;
/** Everything that is not part of a word: punctuation, symbols, emoji, white space. */
const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}]+/gu;

/**
 * A message in the form words are compared in: compatibility forms unified, case folded, without accents and vowel signs,
 * words one space apart, nothing before the first and after the last. Devanagari keeps its vowel signs: they are letters.
 */
export function normalise(text: string): string {
  return (
    text
      .normalize('NFKC')
      .replace(INVISIBLE, '')
      // Upper first: it makes "ß" "SS" and the Turkish dotless "ı" an "I", which lower case alone leaves apart.
      .toUpperCase()
      .toLowerCase()
      .normalize('NFKD')
      .replace(MARKS, '')
      .normalize('NFC')
      // Candrabindu and anusvara are written for each other.
      .replace(/\u0901/g, '\u0902')
      .replace(BETWEEN_WORDS, ' ')
      .trim()
  );
}
