// A Date inside stored JSON, told from a text that merely looks like one.
interface Dated {
  $date: string;
}

const isDated = (value: unknown): value is Dated => typeof value === 'object' && value !== null && '$date' in value;

/** JSON that keeps dates as dates. */
export function toDatedJson(value: unknown): string {
  return JSON.stringify(withTags(value));
}

function withTags(value: unknown): unknown {
  if (value instanceof Date) return { $date: value.toISOString() };
  if (Array.isArray(value)) return value.map(withTags);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withTags(inner)]));
}

/** The value of `toDatedJson`, parsed already. */
export function fromDatedJson(value: unknown): unknown {
  if (isDated(value)) return new Date(value.$date);
  if (Array.isArray(value)) return value.map(fromDatedJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fromDatedJson(inner)]));
}
