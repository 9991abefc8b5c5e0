const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const LITERALS = ['true', 'false', 'null'];
const ESCAPES = new Set([...'"\\/bfnrt'].map((sign) => sign.charCodeAt(0)));
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/;
/** Looked at first; a longer number is looked at again, whole. */
const USUAL_SCALAR = 32;

const isHex = (byte = 0): boolean =>
  (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);

/** Position after the string that begins at `at`, or -1. */
function string(bytes: Buffer, at: number): number {
  for (at++; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20) return -1;
    if (byte !== BACKSLASH) continue;
    const escape = bytes[++at] ?? 0;
    if (escape === 0x75) {
      for (let n = 0; n < 4; n++) if (!isHex(bytes[++at])) return -1;
    } else if (!ESCAPES.has(escape)) return -1;
  }
  return -1;
}

/** Position after the plain whole number that begins at `at`, or -1 when it is anything else. */
function wholeNumber(bytes: Buffer, at: number): number {
  if (bytes[at] === 0x30) return isDigit(bytes[at + 1]) ? -1 : endOfScalar(bytes, at + 1);
  const start = at;
  while (isDigit(bytes[at])) at++;
  return at === start ? -1 : endOfScalar(bytes, at);
}

const isDigit = (byte = 0): boolean => byte >= 0x30 && byte <= 0x39;

/** The position itself where a value may end, else -1. */
function endOfScalar(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  return byte === 0x2c || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT ? at : -1;
}

/** Position after the number or literal that begins at `at`, or -1. */
function scalar(bytes: Buffer, at: number, length = USUAL_SCALAR): number {
  const simple = wholeNumber(bytes, at);
  if (simple >= 0) return simple;
  const text = bytes.toString('latin1', at, at + length);
  const found = LITERALS.find((word) => text.startsWith(word)) ?? NUMBER.exec(text)?.[0];
  if (!found) return -1;
  const cut = found.length === length && at + length < bytes.length;
  return cut ? scalar(bytes, at, length * 16) : at + found.length;
}

/**
 * Whether bytes are one JSON value, however deep it nests: no stack, no tree, one byte for each level. For bodies that nest so
 * deep, or hold so much, that `JSON.parse` would hold everything up.
 */
export function isJson(bytes: Buffer): boolean {
  const open = new Uint8Array(bytes.length + 1);
  let depth = 0;
  let wants: 'value' | 'value or end' | 'key' | 'key or end' | 'comma or end' = 'value';
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d && byte !== 0x0b && byte !== 0x0c)) {
      at++;
      continue;
    }
    if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      const empty = byte === CLOSE_OBJECT ? 'key or end' : 'value or end';
      if (depth === 0 || open[depth] !== byte || (wants !== 'comma or end' && wants !== empty)) return false;
      depth--;
      at++;
      wants = 'comma or end';
    } else if (wants === 'comma or end') {
      if (byte !== 0x2c || depth === 0) return false;
      wants = open[depth] === CLOSE_OBJECT ? 'key' : 'value';
      at++;
    } else if (wants === 'key' || wants === 'key or end') {
      at = byte === QUOTE ? colon(bytes, string(bytes, at)) : -1;
      if (at < 0) return false;
      wants = 'value';
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      open[++depth] = byte === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY;
      wants = byte === OPEN_OBJECT ? 'key or end' : 'value or end';
      at++;
    } else {
      at = byte === QUOTE ? string(bytes, at) : scalar(bytes, at);
      if (at < 0) return false;
      wants = 'comma or end';
    }
  }
  return depth === 0 && wants === 'comma or end';
}

/** Position after the colon that follows a key, or -1. */
function colon(bytes: Buffer, at: number): number {
  if (at < 0) return -1;
  while ([0x20, 0x09, 0x0a, 0x0d].includes(bytes[at] ?? 0)) at++;
  return bytes[at] === 0x3a ? at + 1 : -1;
}
