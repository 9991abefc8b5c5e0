import fc from 'fast-check';
import { maskSensitive, maskValue } from './mask.js';

describe('maskSensitive', () => {
  it.each([
    ['my card is 4111 1111 1111 1111 ok?', 'my card is ••••1111 ok?'],
    ['5555-5555-5555-4444', '••••4444'],
    ['pay to DE89 3704 0044 0532 0130 00 please', 'pay to DE••••3000 please'],
    ['gb82west12345698765432', 'GB••••5432'],
    ['my OTP is 482913', 'my OTP is ••••'],
    ['verification code: 123-456.', 'verification code: ••••.'],
    ['mein Bestätigungscode lautet 9912', 'mein Bestätigungscode lautet ••••'],
    ['código de verificación 55821', 'código de verificación ••••'],
    ['my pin is 4321', 'my pin is ••••'],
    ['OTP: 123456', 'OTP: ••••'],
    ['OTP number is 123456', 'OTP number is ••••'],
    ['the otp you sent me is 123456, what now?', 'the otp you sent me is ••••, what now?'],
    ["here's the passcode - *998 877*", "here's the passcode - *••••*"],
    ['mein Code lautet 998877', 'mein Code lautet ••••'],
    ['my code is 998-877', 'my code is ••••'],
    ['TAN: 123456', 'TAN: ••••'],
    ['die TAN ist 123456', 'die TAN ist ••••'],
    ['Sicherheitscode lautet: 998877', 'Sicherheitscode lautet: ••••'],
    ['código de verificación es 445566', 'código de verificación es ••••'],
    ['o código de segurança é 445566', 'o código de segurança é ••••'],
    ['le code de sécurité est 445566', 'le code de sécurité est ••••'],
    ['kode otp saya adalah 445566', 'kode otp saya adalah ••••'],
    ['رمز التحقق هو 445566', 'رمز التحقق هو ••••'],
    ['मेरा ओटीपी 445566 है', 'मेरा ओटीपी •••• है'],
  ])('masks %j', (text, masked) => {
    expect(maskSensitive(text)).toBe(masked);
    expect(maskSensitive(masked)).toBe(masked);
  });

  it.each([
    'Track order 1234',
    'order WEB/2026/00081 and 4111 1111 1111 1112',
    'parcel 00340434161094042557',
    'discount code 2024 for order 10023',
    'call me at +49 170 1234567 at 16:00 on 2026-11-22',
    'DE00 3704 0044 0532 0130 00',
    "Hi, I'm Tan, order 1234",
    'Mr Tan - where is 55512?',
    'tan 55512',
    "I'm TAN, 55512",
    'I did not get the otp for order 1234',
    'I did not get the OTP. 1234',
    'otp #1234',
    'no me llegó el código de seguridad del pedido 1234',
    'no me llegó el PIN del 1234',
    'code de sécurité commande 1234',
    'não recebi o código de segurança do pedido 1234',
    'Sicherheitscode für Bestellung 1234',
    'kode verifikasi pesanan 1234',
    'the access code for order #4567',
    'my order code is 123456',
    'my code is 1234',
    'the pin isnt for 1234',
  ])('leaves %j alone', (text) => expect(maskSensitive(text)).toBe(text));

  it('reaches into values', () => {
    const date = new Date(0);
    expect(maskValue({ a: ['4111111111111111', 1], at: date, n: null })).toEqual({
      a: ['••••1111', 1],
      at: date,
      n: null,
    });
  });
});

/** A number of so many digits whose last one makes it pass Luhn. */
function luhnNumber(digits: readonly number[]): string {
  const sum = digits.reduceRight((total, digit, at) => {
    const doubled = (digits.length - 1 - at) % 2 === 0 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${digits.join('')}${(10 - (sum % 10)) % 10}`;
}

const cards = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 18 })
  .filter((digits) => digits.some((digit) => digit !== 0))
  .map(luhnNumber);
const words = fc.constantFrom('', 'my card ', 'card: ', 'pay with (', 'order 1234, card ', 'día 3: ', '"', 'メモ ');
const ends = fc.constantFrom('', ' ok?', '.', ') exp 12/27', '" thanks', ' for SO-10023', '\n');
const separators = fc.constantFrom(...' |-|.|/|_| - |\u00a0|\u2009|\u200b|\n|\t|, |:|*|--|  |–'.split('|'), '|');
const cuts = fc.array(fc.integer({ min: 1, max: 18 }), { maxLength: 6 });

function cut(digits: string, at: readonly number[], separator: (n: number) => string): string {
  const places = [...new Set(at.filter((place) => place < digits.length))].sort((a, b) => a - b);
  const groups = [0, ...places].map((place, n) => digits.slice(place, places[n]));
  return groups.reduce((text, group, n) => `${text}${separator(n)}${group}`);
}

function carries(text: string, digits: string): boolean {
  return text.replaceAll(/\P{Nd}/gu, '').includes(digits);
}

describe('what maskSensitive promises of any text', () => {
  it('leaves no card number of 13 to 19 digits, whatever separates its digits', () => {
    fc.assert(
      fc.property(words, cards, cuts, separators, ends, (before, card, at, separator, after) => {
        expect(carries(maskSensitive(`${before}${cut(card, at, () => separator)}${after}`), card)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves none either when blanks and dashes are mixed, when it is among other numbers, or in digits of another script', () => {
    const loose = fc.array(fc.constantFrom(' ', '-', '\u00a0', ' – '), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(cards, cuts, loose, (card, at, mixed) => {
        expect(carries(maskSensitive(cut(card, at, (n) => mixed[n - 1] ?? ' ')), card)).toBe(false);
      }),
    );
    const today = cards.filter((card) => card.length === 16);
    fc.assert(
      fc.property(
        today,
        fc.constantFrom('2 ', '1234 ', '12/27 ', ''),
        fc.constantFrom(' 123', ' 12/27', ''),
        (card, a, b) => {
          expect(carries(maskSensitive(`${a}${cut(card, [4, 8, 12], () => ' ')}${b}`), card)).toBe(false);
          const wide = [...card].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('');
          expect(carries(maskSensitive(`${a}${wide}${b}`), wide)).toBe(false);
        },
      ),
    );
  });

  it('leaves order numbers and prices alone, alone and in sentences', () => {
    const order = fc.oneof(
      fc.integer({ min: 1000, max: 999_999_999 }).map(String),
      fc.integer({ min: 10, max: 99_999 }).map((n) => `SO-${n}`),
      fc.tuple(fc.integer({ min: 2000, max: 2099 }), fc.integer({ min: 0, max: 99_999 })).map(([year, n]) => {
        return `WEB/${year}/${String(n).padStart(5, '0')}`;
      }),
    );
    const price = fc.tuple(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 0, max: 99 })).map(([whole, cents]) => {
      return `${whole.toLocaleString('en')}.${String(cents).padStart(2, '0')} EUR`;
    });
    fc.assert(
      fc.property(order, price, price, (number, one, two) => {
        for (const text of [
          number,
          one,
          `Track order ${number}`,
          `Order ${number}: ${one}, then ${two} on 2026-11-22`,
        ]) {
          expect(maskSensitive(text)).toBe(text);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('changes nothing that it has masked already', () => {
    fc.assert(
      fc.property(words, cards, ends, (before, card, after) => {
        const once = maskSensitive(`${before}${card}${after}`);
        expect(maskSensitive(once)).toBe(once);
      }),
    );
  });
});
