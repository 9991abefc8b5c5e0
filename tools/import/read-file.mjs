// One file of an import: read, parsed, and every row checked before anything is sent.
import { readFile } from 'node:fs/promises';

/**
 * @typedef {{ row: number, field: string, message: string }} Problem a row counts from 1
 */

/** Thrown when a file as a whole cannot be used; the message is one line for people. */
export class UnusableFile extends Error {}

/**
 * Reads a JSON array and checks its rows.
 * @param {string} path
 * @param {import('zod').ZodType} schema of one row
 * @returns {Promise<{ rows: any[], problems: Problem[] } | undefined>} undefined when there is no such file
 * @throws {UnusableFile}
 */
export async function readRows(path, schema) {
  const bytes = await readFile(path).catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw new UnusableFile(`cannot be read (${error.code})`);
  });
  if (bytes === undefined) return undefined;
  const rows = parseArray(decode(bytes));
  return { rows, problems: rows.flatMap((row, index) => problemsOf(schema, row, index + 1)) };
}

function decode(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnusableFile('is not UTF-8; save it as UTF-8 and import again');
  }
}

function parseArray(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const place = /line \d+ column \d+/.exec(error.message);
    throw new UnusableFile(`is not JSON${place ? ` (${place[0]})` : ''}`);
  }
  if (Array.isArray(value)) return value;
  throw new UnusableFile('must be a JSON array of rows');
}

/** @returns {Problem[]} */
function problemsOf(schema, row, number) {
  const { error } = schema.safeParse(row);
  if (!error) return [];
  return error.issues.flatMap((issue) => {
    const path = pathOf(issue.path);
    if (issue.code === 'unrecognized_keys') {
      const names = issue.keys.map((key) => (path === '' ? key : `${path}.${key}`));
      return names.map((field) => ({ row: number, field, message: 'is not a field of this file' }));
    }
    const missing = path !== '' && valueAt(row, issue.path) === undefined;
    return [{ row: number, field: path, message: missing ? 'must be given' : issue.message }];
  });
}

function valueAt(row, path) {
  return path.reduce((value, key) => (value === null || value === undefined ? undefined : value[key]), row);
}

function pathOf(path) {
  return path.map((key, n) => (typeof key === 'number' ? `[${key}]` : `${n > 0 ? '.' : ''}${key}`)).join('');
}

/** How many problems of a file are shown. */
const SHOWN = 50;

/**
 * @param {string} file
 * @param {Problem[]} problems
 * @returns {string[]} a line for each, and one for those beyond 50
 */
export function problemLines(file, problems) {
  const lines = problems.slice(0, SHOWN).map(({ row, field, message }) => {
    return `${file} row ${row}${field === '' ? '' : ` field ${field}`}: ${message}`;
  });
  const more = problems.length - lines.length;
  return more > 0 ? [...lines, `${file}: and ${more} more`] : lines;
}
