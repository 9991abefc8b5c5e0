import { randomBytes } from 'node:crypto';
import type { Needle } from './needle.js';
import { Scanner } from './scanner.js';

const NAME: Needle = { name: 'name', kind: 'personal', text: 'Zoë O’Leak/"proof"' };
const PHONE: Needle = { name: 'phone', kind: 'personal', text: '12025550143', digits: true };
const KEY: Needle = {
  name: 'key',
  kind: 'secret',
  text: Buffer.from('0123456789abcdef0123456789abcdef').toString('base64'),
  bytes: Buffer.from('0123456789abcdef0123456789abcdef'),
};
const scanner = new Scanner([NAME, PHONE, KEY]);

/** What a needle is turned into, by whoever writes it. */
const WRITERS: Record<string, (text: string) => string | Buffer> = {
  'as it is': (text) => text,
  'in lower case': (text) => text.toLowerCase(),
  'in upper case': (text) => text.toUpperCase(),
  'in hex': (text) => Buffer.from(text).toString('hex'),
  'in upper-case hex': (text) => Buffer.from(text).toString('hex').toUpperCase(),
  'in a bytea literal': (text) => `\\x${Buffer.from(text).toString('hex')}`,
  'in base64': (text) => Buffer.from(text).toString('base64'),
  'in base64, one byte in': (text) => Buffer.from(`.${text}.`).toString('base64'),
  'in base64, two bytes in': (text) => Buffer.from(`..${text}..`).toString('base64'),
  'in base64url': (text) => Buffer.from(`{${text}}`).toString('base64url'),
  'in a URL': (text) => `https://x/?q=${encodeURIComponent(text)}&y=1`,
  'in a form': (text) => new URLSearchParams({ text }).toString(),
  'percent-encoded whole': (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join(''),
  'in JSON': (text) => JSON.stringify({ text }),
  'in JSON as Meta escapes it': (text) =>
    JSON.stringify(text)
      .replaceAll('/', '\\/')
      .replaceAll(/[^\x20-\x7e]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .slice(1, -1)
      .replaceAll('\\"', '"'),
  'in JSON with every sign escaped': (text) =>
    [...Array(text.length).keys()].map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  'in UTF-16': (text) => Buffer.from(text, 'utf16le'),
};

const haystack = (planted: string | Buffer): Buffer =>
  Buffer.concat([
    randomBytes(5000),
    Buffer.from(' log: "'),
    Buffer.from(planted),
    Buffer.from('" '),
    randomBytes(5000),
  ]);

describe('the leak scanner', () => {
  const cases = Object.keys(WRITERS).flatMap((how) =>
    [NAME, PHONE, KEY].map((needle) => [needle.name, how, needle] as const),
  );

  it.each(cases)('finds a %s %s', (name, how, needle) => {
    const planted = WRITERS[how]?.(needle.text) ?? '';
    expect(scanner.scan(haystack(planted)).map((one) => one.needle.name)).toContain(name);
  });

  it.each(['+1 (202) 555-0143', '1.202.555.0143', '1-2-0-2-5-5-5-0-1-4-3', '34105552021', '341 0555 2021'])(
    'finds a phone number written %s',
    (text) => {
      expect(scanner.scan(haystack(text)).map((one) => one.needle.name)).toEqual(['phone']);
    },
  );

  it('finds the bytes a key stands for', () => {
    expect(scanner.scan(haystack(KEY.bytes ?? '')).map((one) => one.needle.name)).toEqual(['key']);
    expect(scanner.scan(haystack((KEY.bytes ?? Buffer.alloc(0)).toString('hex')))).toHaveLength(1);
  });

  it('says where, and what stands around it', () => {
    const bytes = Buffer.from('a line of a log: from 12025550143 it came');
    expect(scanner.scan(bytes)).toEqual([
      { needle: PHONE, encoding: 'plain', at: 22, around: 'a line of a log: from 12025550143 it came' },
    ]);
  });

  it('finds nothing where nothing is, in a lot of noise', () => {
    const digits = Array.from(randomBytes(200_000), (byte) => byte % 10)
      .join('')
      .replaceAll(PHONE.text, '');
    expect(scanner.scan(Buffer.concat([randomBytes(2_000_000), Buffer.from(digits)]))).toEqual([]);
  });

  it('finds needles at both ends', () => {
    expect(scanner.scan(Buffer.from(PHONE.text))).toHaveLength(1);
    expect(scanner.scan(Buffer.from(`x${PHONE.text}`))).toHaveLength(1);
  });
});
