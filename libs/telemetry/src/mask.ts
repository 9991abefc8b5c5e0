/**
 * Card numbers, IBANs and one-time codes never reach a table, a topic or a log. What is recognised keeps its length class and the
 * last characters people need to talk about it; a number that merely looks long (an order, a parcel) is left alone.
 */

// 13 to 19 digits, in groups divided by single spaces or dashes, not part of something longer.
const CARD = /(?<![\p{L}\p{N}])\d(?:[ -]?\d){12,18}(?![\p{L}\p{N}])/gu;

// Country, two check digits, then groups of four, with or without spaces.
const IBAN = /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![\p{L}\p{N}])/giu;

// Words for a one-time code, then at most a few characters that are no digits, then 4 to 8 digits ("123-456" too). A plain "code"
// is not one of the words: orders and discounts have codes as well.
const CODE_WORDS = [
  'otp',
  'one[- ]?time (?:code|password|passcode|pin)',
  '(?:verification|security|login|confirmation|authentication|access) code',
  'passcode',
  'tan',
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
const CODE = new RegExp(
  `(?<![\\p{L}\\p{N}])(${CODE_WORDS})([^\\p{N}\\n]{0,16})(\\d{3}[- ]\\d{3}|\\d{4,8})(?!\\p{N})`,
  'giu',
);

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0 && !/^0+$/.test(digits);
}

function passesMod97(iban: string): boolean {
  const turned = iban.slice(4) + iban.slice(0, 4);
  let rest = 0;
  for (const char of turned) rest = Number(`${rest}${Number.parseInt(char, 36)}`) % 97;
  return rest === 1;
}

/** A text with card numbers (Luhn), IBANs (mod 97) and one-time codes masked. Applying it again changes nothing. */
export function maskSensitive(text: string): string {
  if (!/\d{2}/.test(text)) return text;
  return text
    .replace(IBAN, (found) => {
      const bare = found.replaceAll(' ', '').toUpperCase();
      return bare.length >= 15 && passesMod97(bare) ? `${bare.slice(0, 2)}••••${bare.slice(-4)}` : found;
    })
    .replace(CARD, (found) => {
      const digits = found.replaceAll(/[ -]/g, '');
      return passesLuhn(digits) ? `••••${digits.slice(-4)}` : found;
    })
    .replace(CODE, (_found, word: string, between: string) => `${word}${between}••••`);
}

/** The same for every text inside a JSON value; keys stay. */
export function maskValue<T>(value: T): T {
  if (typeof value === 'string') return maskSensitive(value) as T;
  if (Array.isArray(value)) return value.map((one: unknown) => maskValue(one)) as T;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, maskValue<unknown>(one)])) as T;
}
