import { randomInt, randomUUID } from 'node:crypto';
import type { Needle } from './needle.js';

const personal = (name: string, text: string, more: Partial<Needle> = {}): Needle => ({
  name,
  kind: 'personal',
  text,
  ...more,
});
const secret = (name: string, text: string, more: Partial<Needle> = {}): Needle => ({
  name,
  kind: 'secret',
  text,
  ...more,
});

const someDigits = (count: number): string => Array.from({ length: count }, () => randomInt(10)).join('');
const word = (): string => randomUUID().replaceAll('-', '').slice(0, 12);

/** Digits that a card number of 16 ends up with a right check digit. */
function card(): string {
  const start = `4${someDigits(14)}`;
  for (let check = 0; check < 10; check++) {
    const digits = [...`${start}${check}`].map(Number).reverse();
    const sum = digits.reduce((all, digit, at) => all + (at % 2 ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit), 0);
    if (sum % 10 === 0) return `${start}${check}`;
  }
  throw new Error('There is always one.');
}

function iban(): string {
  const account = someDigits(18);
  const check = 98n - (BigInt(`${account}131400`) % 97n);
  return `DE${String(check).padStart(2, '0')}${account}`;
}

/** A customer nobody has met before. */
export interface Person {
  phone: string;
  waId: string;
  name: string;
  email: string;
  userId: string;
  address: string;
  words: string;
  card: string;
  iban: string;
  code: string;
}

export function makePerson(): Person {
  const phone = `1202555${someDigits(4)}`;
  return {
    phone,
    waId: phone,
    name: `Zoë Lück-${word()}`,
    email: `${word()}.leak@example.com`,
    userId: `US.${someDigits(18)}`,
    address: `${word()} Wharf, 20457 Hamburg`,
    words: `umbrella-${word()}`,
    card: card(),
    iban: iban(),
    code: someDigits(8),
  };
}

/** What must not be found of a person. */
export function needlesOf(person: Person, label: string): Needle[] {
  return [
    personal(`${label}'s phone`, person.phone, { digits: true }),
    personal(`${label}'s name`, person.name),
    personal(`${label}'s e-mail`, person.email),
    personal(`${label}'s user id`, person.userId),
    personal(`${label}'s address`, person.address),
    personal(`${label}'s words`, person.words),
    personal(`${label}'s card`, person.card, { digits: true }),
    personal(`${label}'s IBAN`, person.iban),
    personal(`${label}'s one-time code`, person.code),
  ];
}

/** Secrets a system is started with. */
export function makeSettings() {
  return {
    WHATSAPP_APP_SECRET: `app-secret-${word()}`,
    WHATSAPP_APP_SECRET_PREVIOUS: `old-secret-${word()}`,
    WHATSAPP_VERIFY_TOKEN: `verify-token-${word()}`,
    WHATSAPP_ACCESS_TOKEN: `EAAG${word()}${word()}`,
    DESK_ADMIN_PASSWORD: `desk-password-${word()}`,
  };
}

/** The secrets among the settings, and what the launcher made for itself. */
export function secretNeedles(
  settings: Record<string, string>,
  made: { masterKey: string; passwords: Record<string, string> },
  postgresPassword: string,
): Needle[] {
  return [
    ...Object.entries(settings).map(([name, value]) => secret(name, value)),
    secret('master key', made.masterKey, { bytes: Buffer.from(made.masterKey, 'base64') }),
    ...Object.entries(made.passwords).map(([name, value]) => secret(`database password of ${name}`, value)),
    secret('database password of the administrator', postgresPassword),
  ];
}

/** A secret that comes up on the way: a session, a signature. */
export function digestNeedle(name: string, hex: string): Needle {
  return secret(name, hex, { bytes: Buffer.from(hex, 'hex') });
}

export { personal, secret };
