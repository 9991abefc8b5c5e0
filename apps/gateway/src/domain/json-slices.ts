/** A part of a body: the bytes of one JSON value, without white space around it. */
export interface Slice {
  start: number;
  end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function skipSpace(bytes: Uint8Array, at: number): number {
  while (isSpace(bytes[at])) at++;
  return at;
}

/** Position after the string that begins at `at`. */
function skipString(bytes: Uint8Array, at: number): number {
  for (at++; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === BACKSLASH) at++;
    else if (byte === QUOTE) return at + 1;
  }
  return at;
}

/** Position after the value that begins at `at`. Iterative: nesting costs no stack. */
function skipValue(bytes: Uint8Array, at: number): number {
  for (let depth = 0; at < bytes.length;) {
    const byte = bytes[at];
    if (byte === QUOTE) at = skipString(bytes, at);
    else if (byte === 0x7b || byte === 0x5b) {
      depth++;
      at++;
      continue;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth--;
      at++;
    } else if (byte === COMMA || byte === COLON || isSpace(byte)) {
      at++;
      continue;
    } else at = skipScalar(bytes, at);
    if (depth === 0) return at;
  }
  return at;
}

function skipScalar(bytes: Uint8Array, at: number): number {
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === COMMA || byte === 0x7d || byte === 0x5d || isSpace(byte)) break;
  }
  return at;
}

/** The value of a whole body. */
export function whole(bytes: Uint8Array): Slice {
  const start = skipSpace(bytes, 0);
  return { start, end: skipValue(bytes, start) };
}

/**
 * The members of the object in `slice` that have one of these names; of two members with one name the last, as JSON.parse
 * has it. The bytes must be valid JSON. This is what lets an item be kept exactly as Meta wrote it: numbers beyond 2^53,
 * escapes and all.
 */
export function members(bytes: Buffer, slice: Slice, names: ReadonlySet<string>): Map<string, Slice> {
  const found = new Map<string, Slice>();
  for (let at = skipSpace(bytes, slice.start + 1); at < slice.end - 1;) {
    const afterKey = skipString(bytes, at);
    const start = skipSpace(bytes, skipSpace(bytes, afterKey) + 1);
    const end = skipValue(bytes, start);
    const key = keyOf(bytes, at, afterKey);
    if (names.has(key)) found.set(key, { start, end });
    at = next(bytes, end);
  }
  return found;
}

function keyOf(bytes: Buffer, at: number, end: number): string {
  const plain = bytes.toString('latin1', at + 1, end - 1);
  return plain.includes('\\') ? (JSON.parse(bytes.toString('utf8', at, end)) as string) : plain;
}

/** The elements of the array in `slice`. The bytes must be valid JSON. */
export function elements(bytes: Buffer, slice: Slice): Slice[] {
  const found: Slice[] = [];
  for (let at = skipSpace(bytes, slice.start + 1); at < slice.end - 1;) {
    const end = skipValue(bytes, at);
    found.push({ start: at, end });
    at = next(bytes, end);
  }
  return found;
}

function next(bytes: Uint8Array, end: number): number {
  const at = skipSpace(bytes, end);
  return bytes[at] === COMMA ? skipSpace(bytes, at + 1) : at;
}

/** Whether brackets nest deeper than `limit` anywhere in the bytes, valid JSON or not. */
export function nestsDeeper(bytes: Uint8Array, limit: number): boolean {
  // Fewer bytes than levels: no need to look. Nearly every webhook ends here.
  if (bytes.length <= limit) return false;
  for (let at = 0, depth = 0; at < bytes.length;) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = skipString(bytes, at);
      continue;
    }
    if (byte === 0x7b || byte === 0x5b) depth++;
    else if (byte === 0x7d || byte === 0x5d) depth--;
    if (depth > limit) return true;
    at++;
  }
  return false;
}
