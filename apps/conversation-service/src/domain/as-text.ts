/** A value as text: texts, numbers and booleans as they are written, anything else as nothing. */
export function asText(value: unknown): string {
  return typeof value === 'string'
    ? value
    : ['number', 'boolean', 'bigint'].includes(typeof value)
      ? String(value)
      : '';
}
