import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { encodeBody, signBody } from './signature.js';

describe('body of a webhook', () => {
  it('escapes what is not ASCII in lowercase and slashes, and nothing else', () => {
    expect(encodeBody({ a: 'é/😀 "x"' }).toString('latin1')).toBe(String.raw`{"a":"\u00e9\/\ud83d\ude00 \"x\""}`);
  });

  it('reads back as what was written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const bytes = encodeBody(value);
        expect(bytes.every((byte) => byte < 0x80)).toBe(true);
        expect(JSON.parse(bytes.toString('ascii'))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('is signed over exactly its bytes', () => {
    const raw = Buffer.from(String.raw`{"text":"\u00fcber\/unter"}`, 'ascii');
    const expected = createHmac('sha256', 'demo-app-secret').update(raw).digest('hex');
    const body = encodeBody({ text: 'über/unter' });
    expect(body.equals(raw)).toBe(true);
    expect(signBody(body, 'demo-app-secret')).toBe(`sha256=${expected}`);
    expect(signBody(Buffer.from('{"text":"über/unter"}'), 'demo-app-secret')).not.toBe(`sha256=${expected}`);
  });
});
