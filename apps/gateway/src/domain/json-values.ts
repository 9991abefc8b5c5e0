/** A JSON object nobody vouches for. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value as an object; undefined for everything else, arrays too. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** The value as an array; empty for everything else. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * The value as text that every store can hold: strings and numbers, without NUL (Postgres refuses it) and without half
 * surrogate pairs (UTF-8 cannot say them); empty for everything else. The raw bytes keep what was really there.
 */
export function asText(value: unknown, limit = 65_536): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return '';
  const short = value.length > limit ? value.slice(0, limit) : value;
  const whole = short.isWellFormed() ? short : short.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', '') : whole;
}

/** The last second that a protobuf timestamp can hold: the end of the year 9999. */
const LAST_SECOND = 253_402_300_799;

/** Epoch seconds, as a string or a number, as a moment; undefined when it is neither. */
export function asMoment(value: unknown): Date | undefined {
  const seconds = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0 || seconds > LAST_SECOND)
    return undefined;
  return new Date(seconds * 1000);
}
