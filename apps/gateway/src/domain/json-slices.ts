/** A part of a body: the bytes of one JSON value, without white space around it. */
export interface Slice {
  start: number;
  end: number;
  /** Where objects and arrays of its body end, by where they start, as far as that is known. */
  ends?: Ends;
}

type Ends = ReadonlyMap<number, number>;

/** A message in a webhook is an object at this depth; what is within it is skipped with it. */
const KNOWN_DEPTH = 8;
/** More ends than Meta's largest webhooks have; those beyond are looked for each time. */
const MOST_KNOWN = 20_000;

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
function skipValue(bytes: Uint8Array, at: number, ends?: Ends): number {
  const known = ends?.get(at);
  if (known !== undefined) return known;
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

/** The value of a whole body. Notes on its way where things end, so that no part is gone through again on every level above it. */
export function whole(bytes: Uint8Array): Slice {
  const start = skipSpace(bytes, 0);
  const ends = new Map<number, number>();
  const open: number[] = [];
  let depth = 0;
  for (let at = start; at < bytes.length;) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = skipString(bytes, at);
    } else if (byte === 0x7b || byte === 0x5b) {
      if (depth < KNOWN_DEPTH) open[depth] = at;
      depth++;
      at++;
      continue;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth--;
      at++;
      if (depth < KNOWN_DEPTH && ends.size < MOST_KNOWN) ends.set(open[depth] ?? start, at);
    } else if (byte === COMMA || byte === COLON || isSpace(byte)) {
      at++;
      continue;
    } else at = skipScalar(bytes, at);
    if (depth === 0) return { start, end: at, ends };
  }
  return { start, end: bytes.length, ends };
}

/**
 * The members of the object in `slice` that have one of these names; of two members with one name the last, as JSON.parse
 * has it. The bytes must be valid JSON. This is what lets an item be kept exactly as Meta wrote it: numbers beyond 2^53,
 * escapes and all.
 */
export function members(bytes: Buffer, slice: Slice, names: ReadonlySet<string>): Map<string, Slice> {
  const found = new Map<string, Slice>();
  const { ends } = slice;
  for (let at = skipSpace(bytes, slice.start + 1); at < slice.end - 1;) {
    const afterKey = skipString(bytes, at);
    const start = skipSpace(bytes, skipSpace(bytes, afterKey) + 1);
    const end = skipValue(bytes, start, ends);
    const key = keyOf(bytes, at, afterKey);
    if (names.has(key)) found.set(key, { start, end, ends });
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
  const { ends } = slice;
  for (let at = skipSpace(bytes, slice.start + 1); at < slice.end - 1;) {
    const end = skipValue(bytes, at, ends);
    found.push({ start: at, end, ends });
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

/** Whether there are more than so many values and names in the bytes, valid JSON or not; counts what opens and separates them. */
export function holdsMore(bytes: Uint8Array, limit: number): boolean {
  if (bytes.length <= limit) return false;
  let count = 0;
  for (let at = 0; at < bytes.length && count <= limit;) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = skipString(bytes, at);
      continue;
    }
    if (byte === COMMA || byte === 0x7b || byte === 0x5b) count++;
    at++;
  }
  return count > limit;
}
