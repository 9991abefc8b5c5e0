import type { CustomerData, Money } from './customer.js';
import type { RowProblem } from './errors.js';

/** Fields that are wrong, with what they should be; names as in the import format. */
type Wrong = [field: string, message: string][];

// By shape only: whether a numbering plan knows the number is never a reason to refuse it.
const E164 = /^\+[1-9]\d{6,14}$/;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const AMOUNT = /^-?\d{1,15}(\.\d{1,6})?$/;

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

const isMoney = ({ amount, currency }: Money): boolean => AMOUNT.test(amount) && /^[A-Z]{3}$/.test(currency);
const noNul = (text: string): boolean => !text.includes('\0');

const optional = (field: string, value: string, ok: (value: string) => boolean, message: string): Wrong =>
  value === '' || ok(value) ? [] : [[field, message]];

/** What is wrong with a customer in itself. */
export function wrongFields(customer: CustomerData): Wrong {
  const noNulMessage = 'must not hold a NUL character';
  return [
    ...optional('phone', customer.phone, (text) => E164.test(text), 'must be + and 7 to 15 digits, the first not 0'),
    ...optional('whatsapp_user_id', customer.whatsappUserId, noNul, noNulMessage),
    ...optional('email', customer.email, (text) => EMAIL.test(text), 'must be an e-mail address'),
    ...optional('language', customer.language, isLanguage, 'must be a BCP 47 tag such as en or pt-BR'),
    ...optional('time_zone', customer.timeZone, isZone, 'must be an IANA zone such as Europe/Madrid'),
    ...optional('tier', customer.tier, noNul, noNulMessage),
    ...customer.tags.flatMap((tag, index) => optional(`tags[${index}]`, tag, noNul, noNulMessage)),
    ...customer.notes.flatMap(({ at }, index): Wrong => {
      return Number.isNaN(at.getTime()) ? [[`notes[${index}].at`, 'must be a time']] : [];
    }),
    ...(customer.lifetimeValue === undefined || isMoney(customer.lifetimeValue)
      ? []
      : ([['lifetime_value', 'must be a decimal string with a dot and a currency of three capitals']] as Wrong)),
  ];
}

function required(customer: CustomerData): Wrong {
  const fields = { id: customer.id, name: customer.name };
  return Object.entries(fields).flatMap(([field, value]): Wrong => {
    if (value.trim() === '') return [[field, 'must not be empty']];
    return noNul(value) ? [] : [[field, 'must not hold a NUL character']];
  });
}

/** Everything that is wrong with rows in themselves, repeated ids among it. */
export function invalidRows(customers: readonly CustomerData[]): RowProblem[] {
  const firstRow = new Map<string, number>();
  return customers.flatMap((customer, index) => {
    const earlier = firstRow.get(customer.id);
    const repeated: Wrong = earlier === undefined ? [] : [['id', `the same as in row ${earlier}`]];
    if (earlier === undefined) firstRow.set(customer.id, index + 1);
    const wrong = [...required(customer), ...repeated, ...wrongFields(customer)];
    return wrong.map(([field, message]) => ({ row: index + 1, field, message }));
  });
}
