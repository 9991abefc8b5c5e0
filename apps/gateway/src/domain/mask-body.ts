import { isUtf8 } from 'node:buffer';
import { maskSensitive } from '@parley/telemetry';
import { isJson } from './json-syntax.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const ZERO = 0x30;
const NINE = 0x39;
/** A one-time code has four digits; nothing shorter is masked. */
const FEWEST_DIGITS = 4;

/**
 * Names of what says which thing, person, place or moment is meant: a long number there is no card. Everything else may hold
 * what somebody wrote, kinds never seen before too.
 */
const SPARED =
  /^(?:.*_)?(?:ids?|key|hash|token|url|timestamp|phone_number|clid)$|^(?:from|to|input|phone|link|href|time|username|payload|sha256|mime_type|biz_opaque_callback_data)$/;
/** What a form gave: JSON in a text, with names of its own. */
const FORM = 'response_json';
/** A contact card; its phone numbers stay. */
const CARD = 'vcard';
const NO_PHONE_LINE = /^(?!(?:item\d+\.)?TEL\b).+$/gim;
/** People write up to 4,096 characters; longer texts are masked piece by piece, cut before a letter, so that it takes no longer. */
const PIECE = 4096;
const PIECES = new RegExp(`[^]{${PIECE}}[^\\p{L}]{0,64}|[^]+`, 'gu');

const spared = new Map<string, boolean>();

function isSpared(name: string): boolean {
  const known = spared.get(name);
  if (known !== undefined) return known;
  const answer = SPARED.test(name);
  // Names are few; whoever sends ever new ones does not fill the memory.
  if (spared.size < 1000) spared.set(name, answer);
  return answer;
}

/** Work that can be put down in between: each step says how many characters it has looked at. */
export type Masking<T> = Generator<number, T, void>;

/** What a text costs beside its characters. */
const EACH = 32;

function* maskText(text: string): Masking<string> {
  if (text.length <= PIECE) {
    const masked = maskSensitive(text);
    yield text.length + EACH;
    return masked;
  }
  const masked: string[] = [];
  for (const [piece] of text.matchAll(PIECES)) {
    masked.push(maskSensitive(piece));
    yield piece.length;
  }
  return masked.join('');
}

function* maskNamed(name: string, text: string): Masking<string> {
  if (name === CARD) return yield* maskLines(text);
  if (name !== FORM || !isJson(Buffer.from(text))) return yield* maskText(text);
  return (yield* new BodyMasking(Buffer.from(text), true).run()).bytes.toString();
}

/** All lines of a contact card but those of its phone numbers. */
function* maskLines(card: string): Masking<string> {
  const masked: string[] = [];
  let copied = 0;
  for (const { 0: line, index } of card.matchAll(NO_PHONE_LINE)) {
    masked.push(card.slice(copied, index), yield* maskText(line));
    copied = index + line.length;
  }
  return masked.join('') + card.slice(copied);
}

/** One way through JSON, whole or cut off, that changes nothing but texts in which something is masked. */
class BodyMasking {
  /** Where the latest name stands, without its quotes; nowhere after an object has ended. */
  #nameStart = 0;
  #nameEnd = 0;
  #named = false;
  #pieces: Buffer[] = [];
  #copied = 0;
  /** The text that was gone over last, when something may have to be masked in it. */
  #found: [start: number, end: number] | undefined;

  constructor(
    private readonly bytes: Buffer,
    /** Whether numbers that are no texts are looked at too. */
    private readonly numbers: boolean,
  ) {}

  *run(): Masking<{ bytes: Buffer; named: boolean }> {
    const { bytes } = this;
    for (let at = 0; at < bytes.length;) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) at = this.#string(at);
      else if (this.numbers && byte >= ZERO && byte <= NINE) at = this.#number(at);
      else {
        if (byte === OPEN || byte === CLOSE) this.#nameEnd = this.#nameStart;
        at++;
      }
      if (this.#found) yield* this.#text(...this.#found);
    }
    if (this.#pieces.length === 0) return { bytes, named: this.#named };
    this.#pieces.push(bytes.subarray(this.#copied));
    return { bytes: Buffer.concat(this.#pieces), named: this.#named };
  }

  /** Position after the string that begins at `start`. */
  #string(start: number): number {
    const { bytes } = this;
    let digits = 0;
    let plain = true;
    let at = start + 1;
    for (; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) break;
      if (byte >= ZERO && byte <= NINE) digits++;
      else if (byte === BACKSLASH) {
        plain = false;
        at++;
      } else if (byte > 127) plain = false;
    }
    const end = Math.min(at, bytes.length);
    if (this.#isName(end + 1)) {
      [this.#nameStart, this.#nameEnd, this.#named] = [start + 1, end, true];
    } else if ((digits >= FEWEST_DIGITS || !plain) && !isSpared(this.#name())) this.#found = [start, end];
    return end + 1;
  }

  #isName(after: number): boolean {
    const { bytes } = this;
    while (bytes[after] === 0x20 || bytes[after] === 0x0a || bytes[after] === 0x0d || bytes[after] === 0x09) after++;
    return bytes[after] === COLON;
  }

  #name(): string {
    return this.bytes.toString('latin1', this.#nameStart, this.#nameEnd);
  }

  *#text(start: number, end: number): Masking<void> {
    this.#found = undefined;
    const name = this.#name();
    const inner = this.bytes.toString('utf8', start + 1, end);
    const text = inner.includes('\\') ? unescaped(inner) : inner;
    const masked = yield* maskNamed(name, text);
    if (masked !== text) this.#replace(start, end + 1, JSON.stringify(masked));
  }

  #number(start: number): number {
    let end = start;
    while ((this.bytes[end] ?? 0) >= ZERO && (this.bytes[end] ?? 0) <= NINE) end++;
    const text = this.bytes.toString('latin1', start, end);
    const masked = isSpared(this.#name()) ? text : maskSensitive(text);
    if (masked !== text) this.#replace(start, end, JSON.stringify(masked));
    return end;
  }

  #replace(start: number, end: number, by: string): void {
    this.#pieces.push(this.bytes.subarray(this.#copied, start), Buffer.from(by));
    this.#copied = end;
  }
}

function unescaped(inner: string): string {
  try {
    return JSON.parse(`"${inner}"`) as string;
  } catch {
    return inner;
  }
}

/**
 * A webhook's body with card numbers, IBANs and one-time codes masked in every text that somebody may have written; ids, phone
 * numbers and moments stay, and so does every byte of a body without such numbers.
 */
export function* maskBody(body: Buffer): Masking<Buffer> {
  return (yield* new BodyMasking(body, false).run()).bytes;
}

/** The same for a body that is no webhook, and perhaps no JSON: where nothing has a name all of it is one text. */
export function* maskUnreadable(body: Buffer): Masking<Buffer> {
  const { bytes, named } = yield* new BodyMasking(body, false).run();
  if (named) return bytes;
  const encoding = isUtf8(body) ? 'utf8' : 'latin1';
  const text = body.toString(encoding);
  const masked = yield* maskText(text);
  // Bytes that are no text stay what they are; the sign that stands for what is masked is none of theirs.
  return masked === text ? body : Buffer.from(encoding === 'utf8' ? masked : masked.replaceAll('•', '*'), encoding);
}
