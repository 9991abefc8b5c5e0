/** Who somebody is on WhatsApp, as far as Meta says it. */
export interface Contact {
  readonly phoneNumberId: string;
  readonly userId: string;
  readonly waId: string;
}

/** One way a person is known. Hashed before it is stored or looked up. */
export interface Identity {
  readonly kind: 'wa_id' | 'user_id';
  readonly value: string;
}

// Some senders put the business-scoped user id where the phone number belongs.
const USER_ID = /^[A-Z]{2}\./;

/**
 * The same phone in the form Meta and a person may write differently: Brazil's ninth digit, Mexico's 1 and Argentina's 9
 * after the country code. An opt-out under one form must hold under the other.
 */
const VARIANTS: readonly [RegExp, string][] = [
  [/^55(\d{2})9(\d{8})$/, '55$1$2'],
  [/^521(\d{10})$/, '52$1'],
  [/^549(\d{10})$/, '54$1'],
];

function phoneForms(waId: string): string[] {
  const digits = waId.replace(/\D/g, '');
  if (digits === '') return [];
  const forms = VARIANTS.map(([long, short]) => digits.replace(long, short));
  return [...new Set([digits, ...forms])];
}

/** Every identity a contact shows, phone numbers in each form they may be written in. */
export function identitiesOf(contact: Contact): Identity[] {
  const hidden = USER_ID.test(contact.waId);
  const userIds = [...new Set([contact.userId, hidden ? contact.waId : ''])].filter((id) => id !== '');
  const phones = hidden ? [] : phoneForms(contact.waId);
  return [
    ...phones.map((value): Identity => ({ kind: 'wa_id', value })),
    ...userIds.map((value): Identity => ({ kind: 'user_id', value })),
  ];
}

/** The key of every topic, computed from the payload alone. */
export function contactKey(contact: Contact): string {
  return `${contact.phoneNumberId}:${contact.userId || contact.waId}`;
}
