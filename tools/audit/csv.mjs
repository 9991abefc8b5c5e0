// Comma-separated values that a spreadsheet shows as they are.

/** Columns of an exported entry, in order. */
export const COLUMNS = [
  ...[
    'occurredAt',
    'action',
    'customer',
    'order',
    'session',
    'content',
    'metadata',
    'requestIds',
    'topic',
    'recordedAt',
  ],
  ...['chain', 'sequence', 'eventId', 'tags', 'sealed', 'prevHash', 'hash', 'headSequence', 'path'],
];

// What spreadsheets take for a formula, also behind blanks; an apostrophe in front makes it text.
const FORMULA = /^[\s\u0000]*[=+\-@|%\uFF1D\uFF0B\uFF0D\uFF20]/u;

/** One cell, quoted as RFC 4180 says. */
export function cell(value) {
  const text =
    value instanceof Date ? value.toISOString() : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

/** One row. */
export function row(values) {
  return `${values.map(cell).join(',')}\r\n`;
}
