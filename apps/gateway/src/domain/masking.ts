// 13 to 19 digits, grouped by single spaces or hyphens or not at all: what a card number looks like when typed.
const CARD = /(?<![\d])\d(?:[ -]?\d){12,18}(?!\d)/g;
// Two letters, two check digits, up to 30 letters or digits in groups.
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b/gi;
// "code: 123456", "your PIN is 4711": four to eight digits near a word for a one-time code.
const CODE = /\b((?:code|otp|pin|tan|passcode|c[oó]digo|kode)\b\D{0,20}?)\d{4,8}\b/gi;

function luhn(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '');
  let sum = 0;
  for (let n = 0; n < digits.length; n++) {
    const digit = Number(digits[digits.length - 1 - n]);
    sum += n % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

function isIban(text: string): boolean {
  const compact = text.replaceAll(' ', '').toUpperCase();
  const moved = compact.slice(4) + compact.slice(0, 4);
  let rest = 0;
  for (const sign of moved) {
    const value = parseInt(sign, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** A text without card numbers, IBANs and one-time codes, for evidence that is kept. */
export function masked(text: string): string {
  return text
    .replace(CARD, (match) => (luhn(match) ? '[card]' : match))
    .replace(IBAN, (match) => (isIban(match) ? '[iban]' : match))
    .replace(CODE, '$1[code]');
}

/** A JSON value with every text in it masked. */
export function maskedJson<T>(value: T): T {
  if (typeof value === 'string') return masked(value) as T;
  if (Array.isArray(value)) return value.map(maskedJson) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, maskedJson(part as unknown)])) as T;
}
