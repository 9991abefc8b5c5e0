import { identityFrom } from './customer.js';

/** Whom somebody names to be erased. */
export interface Subject {
  readonly kind: 'phone' | 'user_id' | 'email' | 'customer_id';
  readonly value: string;
}

/** A phone number in any form, a WhatsApp user id, an e-mail address, else an id of a customer; undefined for nothing. */
export function subjectOf(text: string): Subject | undefined {
  const value = text.trim();
  if (value === '') return undefined;
  if (/^[+()\d\s./-]+$/.test(value) && value.replaceAll(/\D/g, '').length >= 7) return { kind: 'phone', value };
  if (/^[A-Z]{2}\.[A-Za-z0-9]+$/.test(value)) return { kind: 'user_id', value };
  return { kind: value.includes('@') ? 'email' : 'customer_id', value };
}

// The other way of writing a number that a country writes in two ways, with the digit that `identityFrom` leaves out.
const LONGER: readonly [RegExp, string][] = [
  [/^55(\d{2})([6-9]\d{7})$/, '55$19$2'],
  [/^52(\d{10})$/, '521$1'],
  [/^54(\d{10})$/, '549$1'],
];

/** The digits of a phone number in every way they may be written. */
export function writtenForms(phone: string): string[] {
  const digits = phone.normalize('NFKC').replaceAll(/\D/g, '').replace(/^00/, '');
  const short = identityFrom(digits)?.value ?? digits;
  const long = LONGER.map(([pattern, form]) => short.replace(pattern, form));
  return [...new Set([digits, short, ...long])].filter((form) => form !== '');
}
