import { patternsOf, type Needle, type Pattern } from './needle.js';

/** A needle where it must not be. */
export interface Finding {
  needle: Needle;
  encoding: string;
  /** Byte offset in what was scanned. */
  at: number;
  /** What stands around it, for whoever has to find out where it came from. Made-up data only: safe to show. */
  around: string;
}

const AROUND = 60;
/** The same needle in the same form again and again says nothing new. */
const MOST_OF_A_FORM = 3;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
/** Space, parentheses, plus, dash, dot, slash: what people write between digits. */
const SEPARATORS = new Set([...' ()+-./'].map((sign) => sign.charCodeAt(0)));
const MOST_SEPARATORS = 2;

/**
 * Looks for many needles in all their forms at once. Two bytes decide whether a place is worth a look, four which patterns
 * may begin there: some hundred megabytes a second, however many needles there are.
 */
export class Scanner {
  readonly patterns: readonly Pattern[];
  readonly #first = new Uint8Array(65_536);
  readonly #byStart = new Map<number, Pattern[]>();
  readonly #digits: readonly Needle[];

  constructor(readonly needles: readonly Needle[]) {
    this.patterns = needles.flatMap(patternsOf);
    this.#digits = needles.filter(({ digits }) => digits);
    for (const pattern of this.patterns) {
      const { bytes } = pattern;
      this.#first[bytes.readUInt16LE(0)] = 1;
      const start = bytes.readInt32LE(0);
      this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), pattern]);
    }
  }

  /** Everything that is found in the bytes, at most three times in each form. */
  scan(bytes: Buffer): Finding[] {
    const found = new Map<string, Finding[]>();
    const add = (needle: Needle, encoding: string, at: number): void => {
      const same = found.get(`${needle.name}\0${encoding}`) ?? [];
      if (same.length === 0) found.set(`${needle.name}\0${encoding}`, same);
      if (same.length < MOST_OF_A_FORM) same.push({ needle, encoding, at, around: around(bytes, at) });
    };
    this.#scanPatterns(bytes, add);
    if (this.#digits.length > 0) this.#scanDigits(bytes, add);
    return [...found.values()].flat();
  }

  #scanPatterns(bytes: Buffer, add: (needle: Needle, encoding: string, at: number) => void): void {
    const first = this.#first;
    for (let at = 0; at + 4 <= bytes.length; at++) {
      if (first[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)] === 0) continue;
      const candidates = this.#byStart.get(bytes.readInt32LE(at));
      if (!candidates) continue;
      for (const { needle, encoding, bytes: form } of candidates) {
        if (at + form.length <= bytes.length && bytes.compare(form, 0, form.length, at, at + form.length) === 0) {
          add(needle, encoding, at);
        }
      }
    }
  }

  /** Digits with up to two separators between any two of them. */
  #scanDigits(bytes: Buffer, add: (needle: Needle, encoding: string, at: number) => void): void {
    let run = '';
    let start = 0;
    let separators = 0;
    let parted = false;
    const end = (): void => {
      if (parted) this.#judgeRun(run, start, add);
      run = '';
      parted = false;
      separators = 0;
    };
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte >= DIGIT_0 && byte <= DIGIT_9) {
        if (run === '') start = at;
        parted ||= separators > 0;
        run += String.fromCharCode(byte);
        separators = 0;
      } else if (run !== '' && (++separators > MOST_SEPARATORS || !SEPARATORS.has(byte))) end();
    }
    end();
  }

  #judgeRun(run: string, start: number, add: (needle: Needle, encoding: string, at: number) => void): void {
    for (const needle of this.#digits) {
      if (run.length < needle.text.length) continue;
      if (run.includes(needle.text)) add(needle, 'digits with separators', start);
      if (run.includes([...needle.text].reverse().join(''))) add(needle, 'reversed with separators', start);
    }
  }
}

function around(bytes: Buffer, at: number): string {
  const text = bytes.toString('latin1', Math.max(0, at - AROUND), at + AROUND);
  return text.replaceAll(/[^\x20-\x7e]+/g, '·');
}
