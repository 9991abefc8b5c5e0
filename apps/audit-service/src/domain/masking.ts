import { maskSensitive } from '@parley/telemetry';
import type { Json, JsonObject } from './evidence.js';

/** Postgres stores no NUL, and neither it nor UTF-8 a lone surrogate; both are marked instead of lost. */
export function storable(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes('\u0000') ? wellFormed.replaceAll('\u0000', '\u2400') : wellFormed;
}

const EMAIL = /[^\s@<>,;:"()]+@[^\s@<>,;:"()]+\.[\p{L}\p{N}-]{2,}/gu;
// Phone numbers as they are written: with a country code, with a leading zero, or ten digits and more. A date, a UUID and what
// stands in a longer word are none, nor are shorter numbers, which are those of orders and prices.
const PHONE = new RegExp(
  String.raw`(?<![\p{L}\p{N}-])(?!\d{4}-\d{2}-\d{2}(?!\d))(?:(?:\+|\(?00?)\(?\d(?:[ ()./-]{0,2}\d){6,17}|\(?\d(?:[ ()./-]{0,2}\d){9,17})(?![\p{L}\p{N}-])`,
  'gu',
);
const DATE = /^\d{4}-\d{2}-\d{2}(?:T|$)/;

// Without one of these there is nothing in a text that any of the patterns finds.
const SUSPICIOUS = /[@\p{Nd}]/u;

/** A text that may stand in metadata, which everybody who searches can read: without e-mail addresses and phone numbers. */
export function maskIdentifiers(text: string): string {
  const whole = storable(text);
  if (!SUSPICIOUS.test(whole) || DATE.test(whole)) return whole;
  const masked = maskSensitive(whole);
  return (masked.includes('@') ? masked.replace(EMAIL, '•••@•••') : masked).replace(PHONE, '•••');
}

/** Metadata, ready to be stored; what is undefined or no JSON is left out. */
export function maskedMetadata(values: Record<string, unknown>): JsonObject {
  return toObject(values, (_key, text) => maskIdentifiers(text));
}

/** Names of values that say who somebody is; the entry has a pseudonym instead. */
const PERSONAL =
  /^(?:from|to|recipient|recipient_id|wa_?id|user_?id|phones?|phone_number|email|emails|input|contact_?key|profile|profile_?name|formatted_name|first_name|last_name)$/i;

/** Names of values that are identifiers of other things: masking would take a long number among them for a card or a phone. */
const IDENTIFIER = /^(?:id|timestamp|.*_id|.*Id|.*_key|.*Key)$/;

type KeyKind = 'personal' | 'identifier' | 'other';

// Names come again and again; those that strangers make up must not fill the memory.
const MOST_KEYS = 1000;
const kinds = new Map<string, KeyKind>();

function kindOf(key: string): KeyKind {
  const known = kinds.get(key);
  if (known !== undefined) return known;
  const kind = PERSONAL.test(key) ? 'personal' : IDENTIFIER.test(key) ? 'identifier' : 'other';
  if (kinds.size < MOST_KEYS) kinds.set(key, kind);
  return kind;
}

/** What was said and done, ready to be sealed: without card numbers, IBANs, one-time codes, e-mail addresses and phone numbers. */
export function maskedContent(value: unknown): Json {
  const mask = (key: string, text: string): string => {
    const kind = kindOf(key);
    if (kind === 'personal') return text === '' ? '' : '•••';
    return kind === 'identifier' ? storable(text) : maskIdentifiers(text);
  };
  return toJson('', value, mask) ?? null;
}

type Mask = (key: string, text: string) => string;

// Deeper than anything meant to be read: what lies below is dropped, so that no nesting exhausts the stack.
const DEEPEST = 64;

function toObject(value: object, mask: Mask, depth = 0): JsonObject {
  const members: [string, Json][] = [];
  for (const [key, member] of Object.entries(value)) {
    const json = toJson(key, member, mask, depth + 1);
    if (json !== undefined) members.push([storable(key), json]);
  }
  return Object.fromEntries(members);
}

function toJson(key: string, value: unknown, mask: Mask, depth = 0): Json | undefined {
  if (depth > DEEPEST) return '…';
  if (typeof value === 'string') return mask(key, value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map((each) => toJson(key, each, mask, depth + 1) ?? null);
  if (typeof value !== 'object') return undefined;
  return key === 'profile' ? '•••' : toObject(value, mask, depth);
}
