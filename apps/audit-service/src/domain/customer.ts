import type { Person } from './evidence.js';

/** One way a person is known. Phone numbers and wa_ids are one kind: both are the digits. */
export interface Identity {
  readonly kind: 'wa_id' | 'user_id';
  readonly value: string;
}

const USER_ID = /^[A-Z]{2}\./;

/** The same phone, written in the two ways Meta and a person may write it: Brazil's ninth digit, Mexico's 1, Argentina's 9. */
const VARIANTS: readonly [RegExp, string][] = [
  [/^55(\d{2})9(\d{8})$/, '55$1$2'],
  [/^521(\d{10})$/, '52$1'],
  [/^549(\d{10})$/, '54$1'],
];

function phone(text: string): Identity | undefined {
  const digits = text.replace(/\D/g, '');
  if (digits === '') return undefined;
  return { kind: 'wa_id', value: VARIANTS.reduce((value, [long, short]) => value.replace(long, short), digits) };
}

/** A person's identities, the one that names them first: the user id, as in the keys of the topics, else the phone. */
export function identitiesOf({ userId, waId }: Person): Identity[] {
  const hidden = USER_ID.test(waId);
  const user = userId || (hidden ? waId : '');
  const number = hidden ? undefined : phone(waId);
  return [...(user === '' ? [] : [{ kind: 'user_id' as const, value: user }]), ...(number ? [number] : [])];
}

/** What somebody types who looks for a customer: a phone number in any form, a wa_id, a user id. */
export function identityFrom(text: string): Identity | undefined {
  const trimmed = text.trim();
  if (/^[+()\d\s./-]+$/.test(trimmed)) return phone(trimmed);
  return trimmed === '' ? undefined : { kind: 'user_id', value: trimmed };
}

/** The person in a topic key, `<phone_number_id>:<user_id, else wa_id>`. */
export function personOfKey(key: string): Person | undefined {
  const value = key.slice(key.indexOf(':') + 1);
  if (!key.includes(':') || value === '') return undefined;
  return /^\d+$/.test(value) ? { userId: '', waId: value } : { userId: value, waId: '' };
}
