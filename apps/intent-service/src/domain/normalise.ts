/** A text made comparable: compatibility forms folded, ASCII digits, lower case, letters repeated at most twice. */
export function normalise(text: string): string {
  return asciiDigits(text.normalize('NFKC'))
    .toLowerCase()
    .replace(/[\u064B-\u065F\u0640]/g, '') // Arabic vowel marks and the letter stretcher
    .replace(/(\p{L})\1{2,}/gu, '$1$1')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A normalised text without what people leave out: accents, the shapes of Arabic letters that sound alike, apostrophes. */
export function folded(text: string): string {
  return normalise(text)
    .replace(/[أإآ]/g, 'ا')
    .replace(/ة/g, 'ه')
    .replace(/ى/g, 'ي')
    .normalize('NFD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')
    .replace(/ı/g, 'i')
    .replace(/(\p{L})\1{2,}/gu, '$1$1')
    .replace(/['’`´]/g, '');
}

/** Digits of any script as 0 to 9; every other character and every position stays. */
export function asciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    if (code < 0x80) return digit;
    // Decimal digits come in runs of ten whose zero is a digit too; the number of digits before it is its value.
    let zero = code;
    while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
    const value = String((code - zero) % 10);
    return value.padEnd(digit.length, '');
  });
}

const WORD = /#?[\p{L}\p{M}\p{N}]+(?:['’./@-]+[\p{L}\p{M}\p{N}]+)*|\p{Extended_Pictographic}|[?!]/gu;

/** Words of a normalised text: runs of letters with their marks; mail addresses as one token `@`, numbers as `0`. */
export function tokens(normalised: string): string[] {
  return (normalised.match(WORD) ?? []).map((token) => {
    if (token.includes('@')) return '@';
    return /\d/.test(token) ? '0' : token.replace('’', "'");
  });
}

/** Words that are made of letters only. */
export function wordCount(text: string): number {
  return (text.match(/[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu) ?? []).length;
}
