import type { Preference } from '../domain/inbound.js';

/** A preference and whose it is, as far as the item says so. */
export interface StatedPreference extends Preference {
  readonly userId: string;
  readonly waId: string;
}

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

// Seconds as a number or as digits; Meta writes both in different fields.
function timeOf(value: unknown): Date | undefined {
  const seconds = typeof value === 'number' ? value : /^\d{9,11}$/.test(text(value)) ? Number(value) : Number.NaN;
  return Number.isSafeInteger(seconds) && seconds > 0 ? new Date(seconds * 1000) : undefined;
}

function stated(value: unknown): StatedPreference[] {
  if (!isObject(value) || text(value['value']) === '') return [];
  const [userId, waId] = [text(value['user_id']), text(value['wa_id'])];
  return [
    { category: text(value['category']), value: text(value['value']), at: timeOf(value['timestamp']), userId, waId },
  ];
}

/** Whatever wraps the preferences: the item itself, Meta's `value`, or the item beside the metadata it came under. */
const WRAPPERS = ['user_preferences', 'value', 'item', 'user_preference'];

function found(value: unknown, depth: number): StatedPreference[] {
  if (depth === 0) return [];
  if (Array.isArray(value)) return value.flatMap((each) => found(each, depth - 1));
  const own = stated(value);
  if (own.length > 0 || !isObject(value)) return own;
  return WRAPPERS.flatMap((name) => (Object.hasOwn(value, name) ? found(value[name], depth - 1) : []));
}

/** The preferences in an item's own JSON; empty for anything that is not such an item. Never throws. */
export function preferencesIn(raw: Uint8Array): StatedPreference[] {
  try {
    return found(JSON.parse(Buffer.from(raw).toString('utf8')), 6);
  } catch {
    return [];
  }
}
