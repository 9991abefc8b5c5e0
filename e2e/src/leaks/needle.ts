/** Something that must be found nowhere: a secret of the installation, or personal data of a customer. */
export interface Needle {
  name: string;
  kind: 'secret' | 'personal';
  text: string;
  /** The bytes the text stands for, when it is hex or base64 of something: they must not be found either. */
  bytes?: Buffer;
  /** Digits people write with separators, and programs turn round: phone and card numbers. */
  digits?: boolean;
}

/** A needle in one of the forms it may have taken on its way. */
export interface Pattern {
  needle: Needle;
  encoding: string;
  bytes: Buffer;
}

/** Shorter than this, a pattern is found by chance in a few hundred megabytes. */
const SHORTEST = 6;

const hex2 = (byte: number): string => byte.toString(16).padStart(2, '0');

/** What of base64 depends on the needle alone, when `before` bytes stand before it in their group of three. */
function base64At(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  const from = Math.ceil((before * 8) / 6);
  const until = Math.floor(((before + bytes.length) * 8) / 6);
  return text.slice(from, until);
}

function ofBytes(bytes: Buffer): [string, string | Buffer][] {
  const hex = bytes.toString('hex');
  const percent = [...bytes].map((byte) => `%${hex2(byte)}`).join('');
  const base64 = [0, 1, 2].map((before) => base64At(bytes, before));
  return [
    ['plain', bytes],
    ['hex', hex],
    ['HEX', hex.toUpperCase()],
    ['percent', percent],
    ['PERCENT', percent.toUpperCase()],
    ...base64.map((text, n): [string, string] => [`base64+${n}`, text]),
    ...base64.map((text, n): [string, string] => [`base64url+${n}`, text.replaceAll('+', '-').replaceAll('/', '_')]),
  ];
}

function ofText(text: string): [string, string | Buffer][] {
  const unit = (at: number): string => text.charCodeAt(at).toString(16).padStart(4, '0');
  const every = Array.from({ length: text.length }, (_, at) => `\\u${unit(at)}`).join('');
  const foreign = [...text].map((sign) => (sign > '~' ? JSON.stringify(sign).slice(1, -1) : sign)).join('');
  const escaped = Array.from({ length: text.length }, (_, at) => {
    return text.charCodeAt(at) > 0x7e ? `\\u${unit(at)}` : (text[at] ?? '');
  }).join('');
  return [
    ['lower case', text.toLowerCase()],
    ['UPPER CASE', text.toUpperCase()],
    ['utf-16', Buffer.from(text, 'utf16le')],
    ['url', encodeURIComponent(text)],
    ['form', new URLSearchParams({ q: text }).toString().slice(2)],
    ['json \\u', every],
    ['JSON \\U', every.toUpperCase().replaceAll('\\U', '\\u')],
    ['json', JSON.stringify(foreign).slice(1, -1)],
    ['json of Meta', escaped.replaceAll('/', '\\/')],
  ];
}

/** Every form of a needle that is looked for byte by byte. */
export function patternsOf(needle: Needle): Pattern[] {
  const forms = [...ofBytes(Buffer.from(needle.text)), ...ofText(needle.text)];
  if (needle.digits) forms.push(['reversed', [...needle.text].reverse().join('')]);
  if (needle.bytes)
    forms.push(...ofBytes(needle.bytes).map(([name, form]): [string, typeof form] => [`raw ${name}`, form]));
  const seen = new Set<string>();
  return forms.flatMap(([encoding, form]) => {
    const bytes = Buffer.isBuffer(form) ? form : Buffer.from(form);
    const key = bytes.toString('latin1');
    if (bytes.length < SHORTEST || seen.has(key)) return [];
    seen.add(key);
    return [{ needle, encoding, bytes }];
  });
}
