/**
 * Card numbers, IBANs and one-time codes never reach a table, a topic or a log. What is recognised keeps its length class and the
 * last characters people need to talk about it; a number that merely looks long (an order, a parcel) is left alone.
 */

// Digits of any script in groups, divided by up to three characters that are neither letters nor digits.
const DIGITS = /\p{Nd}+(?:[^\p{L}\p{N}]{1,3}\p{Nd}+)*/gu;
const SEPARATOR = /([^\p{Nd}]+)/u;
// Blanks, dashes and what cannot be seen may change within one number, since people type so; other separators may not, or
// every list of prices would be a number.
const LOOSE = /^[\s\p{Z}\p{Pd}\p{Cf}]+$/u;
const LETTER = /\p{L}/u;
/** Lengths of groups as cards show them, for a card that stands among other numbers. */
const CARD_SHAPES = new Set(['4-4-4-4', '4-4-4-4-3', '4-6-5', '4-6-4', '4-4-5', '4-4-4-1', '8-8']);
const [SHORTEST, LONGEST] = [13, 19];

// Country, two check digits, then groups of four, with or without blanks or dashes.
const IBAN =
  /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?:[\s\p{Pd}]?[A-Z0-9]{4}){2,7}(?:[\s\p{Pd}]?[A-Z0-9]{1,4})?(?![\p{L}\p{N}])/giu;

// Words for a one-time code. A plain "code" is none of them: orders and discounts have codes as well.
const CODE_WORDS = [
  'otp',
  'one[- ]?time (?:code|password|passcode|pin)',
  '(?:verification|security|login|confirmation|authentication|access) code',
  'passcode',
  'pin',
  'c[oó]digo de (?:verificaci[oó]n|seguridad|un solo uso)',
  'c[oó]digo de (?:verifica[cç][aã]o|seguran[cç]a)',
  'code (?:de v[ée]rification|de s[ée]curit[ée]|à usage unique)',
  '(?:best[äa]tigungs|sicherheits|einmal|verifizierungs)-?code',
  'رمز (?:التحقق|التأكيد)',
  'सत्यापन कोड',
  'ओटीपी',
  'kode (?:otp|verifikasi)',
].join('|');
// What may stand between the word and the digits. Anything else, "#" and "order" above all, makes the digits another thing's number.
const NAMED = 'code|number|no\\.?|nr\\.?|nummer|n[uú]mero|num[eé]ro|(?:that )?you sent(?: me)?|i (?:got|received)|saya';
const EQUALS = "is|was|reads|'s|’s|ist|war|lautet|es|era|fue|est|était|é|foi|adalah|हैं?|هو|هي";
const SEPARATORS = '[\\s\\p{Z}\\p{Cf}\\p{Pd}:：=>*_"“”„«»(\\[]';
const BETWEEN = `(?:${SEPARATORS}*(?:${NAMED})(?![\\p{L}\\p{N}]))?(?:${SEPARATORS}*(?:${EQUALS})(?![\\p{L}\\p{N}]))?,?${SEPARATORS}*`;
const CODE_DIGITS = '(?:\\d{3}[- ]\\d{3}|\\d{4,8})(?!\\p{N})';
const [ALONE, ENDED] = ['(?<![\\p{L}\\p{N}])', '(?![\\p{L}\\p{N}])'];
const CODES = [
  new RegExp(`${ALONE}((?:${CODE_WORDS})${ENDED}${BETWEEN})${CODE_DIGITS}`, 'giu'),
  // Tan is a name as well, and so is never followed by a comma here.
  new RegExp(`${ALONE}(TAN(?:${SEPARATORS}*(?:${EQUALS})${ENDED})?${SEPARATORS}*)${CODE_DIGITS}`, 'gu'),
  // One's own "code" is a one-time code only when it is said to be six digits.
  new RegExp(
    `${ALONE}((?:(?:my|mein|mon) code|(?:mi|meu) c[oó]digo|kode saya)${SEPARATORS}+(?:${EQUALS})${ENDED}${SEPARATORS}*)(?:\\d{3}[- ]\\d{3}|\\d{6})(?!\\p{N})`,
    'giu',
  ),
];

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0 && !/^0+$/.test(digits);
}

// Decimal digits of every script stand in runs of ten, from zero on.
function ascii(digits: string): string {
  if (/^[0-9]*$/.test(digits)) return digits;
  return [...digits].map((digit) => String(digitValue(digit))).join('');
}

function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return code - zero;
}

function isCard(digits: string): boolean {
  return digits.length >= SHORTEST && digits.length <= LONGEST && passesLuhn(digits);
}

/** Right behind or before a letter stand numbers of other things too: there only what could be a card of today is one. */
function couldBeToday(digits: string): boolean {
  return [15, 16, 19].includes(digits.length) && /^[2-6]/.test(digits);
}

const masked = (digits: string): string => `••••${digits.slice(-4)}`;

/** A run of groups of digits without the card numbers in it. */
function maskRun(run: string, glued: boolean): string {
  // Groups stand at even places, what separates them between.
  const parts = run.split(SEPARATOR);
  if (parts.length === 1) {
    const digits = ascii(run);
    return isCard(digits) && (!glued || couldBeToday(digits)) ? masked(digits) : run;
  }
  const groups = parts.map((part, at) => (at % 2 === 0 ? ascii(part) : part));
  let rest = 0;
  let result = '';
  // One way through, however many cards there are; what follows one is looked at as if nothing stood before it.
  for (let found = cardAmong(groups, rest); found; found = cardAmong(groups, rest)) {
    const [from, to] = found;
    const digits = groups.slice(from, to + 1).filter((_group, at) => at % 2 === 0);
    result += parts.slice(rest, from).join('') + masked(digits.join('')) + (parts[to + 1] ?? '');
    rest = to + 2;
  }
  return result + parts.slice(rest).join('');
}

/** The first groups from this place on (places of the first and the last) that are a card number together. */
function cardAmong(groups: readonly string[], start: number): [number, number] | undefined {
  for (let from = start; from < groups.length; from += 2) {
    let digits = '';
    for (let to = from; to < groups.length && digits.length < LONGEST; to += 2) {
      digits += groups[to] ?? '';
      if (isCard(digits) && standsTogether(groups, from, to, start)) return [from, to];
    }
  }
  return undefined;
}

/** Whether groups look like one number: by their lengths, or by what separates them inside and sets them apart outside. */
function standsTogether(parts: readonly string[], from: number, to: number, start: number): boolean {
  const inside = parts.slice(from, to + 1);
  const lengths = inside.filter((_part, at) => at % 2 === 0).map(({ length }) => length);
  if (lengths.length === 1 || CARD_SHAPES.has(lengths.join('-'))) return true;
  const kinds = new Set(inside.filter((_part, at) => at % 2 === 1).map(kindOf));
  const [kind] = kinds;
  if (kinds.size !== 1 || kind === undefined) return false;
  const before = from > start ? parts[from - 1] : undefined;
  return [before, parts[to + 1]].every((outside) => outside === undefined || kindOf(outside) !== kind);
}

function kindOf(separator: string): string {
  return LOOSE.test(separator) ? ' ' : separator;
}

function passesMod97(iban: string): boolean {
  const turned = iban.slice(4) + iban.slice(0, 4);
  let rest = 0;
  for (const char of turned) rest = Number(`${rest}${Number.parseInt(char, 36)}`) % 97;
  return rest === 1;
}

/** A text with card numbers (Luhn), IBANs (mod 97) and one-time codes masked. Applying it again changes nothing. */
export function maskSensitive(text: string): string {
  if (!/\p{Nd}/u.test(text)) return text;
  const unnumbered = text
    .replace(IBAN, (found) => {
      const bare = found.replaceAll(/[^A-Z0-9]/gi, '').toUpperCase();
      return bare.length >= 15 && passesMod97(bare) ? `${bare.slice(0, 2)}••••${bare.slice(-4)}` : found;
    })
    .replace(DIGITS, (found, at: number, whole: string) => {
      const glued = LETTER.test(whole[at - 1] ?? '') || LETTER.test(whole[at + found.length] ?? '');
      return maskRun(found, glued);
    });
  return CODES.reduce((rest, code) => rest.replace(code, (_found, before: string) => `${before}••••`), unnumbered);
}

/** The same for every text inside a JSON value; keys stay. */
export function maskValue<T>(value: T): T {
  if (typeof value === 'string') return maskSensitive(value) as T;
  if (Array.isArray(value)) return value.map((one: unknown) => maskValue(one)) as T;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, maskValue<unknown>(one)])) as T;
}
