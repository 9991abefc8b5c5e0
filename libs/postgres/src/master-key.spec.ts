import fc from 'fast-check';
import { MasterKey } from './master-key.js';

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((array) => Buffer.from(array));

describe('MasterKey', () => {
  it('is the same key from base64, base64url, hex, and with blanks around it', () => {
    fc.assert(
      fc.property(bytes, (key) => {
        const texts = [
          key.toString('base64'),
          key.toString('base64url'),
          key.toString('hex'),
          ` ${key.toString('hex')}\n`,
        ];
        expect(new Set(texts.map((text) => MasterKey.fromText(text).id)).size).toBe(1);
      }),
    );
  });

  it.each([
    '',
    'short',
    'a'.repeat(42),
    'z'.repeat(64),
    Buffer.alloc(31).toString('base64'),
    Buffer.alloc(33).toString('base64'),
  ])('refuses %p and does not repeat it', (text) => {
    const load = (): unknown => MasterKey.fromText(text);
    expect(load).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', reason: 'VAULT.BAD_MASTER_KEY' }) as Error,
    );
    if (text) expect(load).not.toThrow(text);
  });

  it('says that the file is not there, by reason only', async () => {
    await expect(MasterKey.fromFile('/nowhere/key')).rejects.toMatchObject({
      reason: 'VAULT.BAD_MASTER_KEY',
      message: expect.stringContaining('ENOENT') as string,
    });
  });

  it('generates keys it can read', () => {
    expect(MasterKey.fromText(MasterKey.generate()).id).not.toBe(MasterKey.fromText(MasterKey.generate()).id);
  });

  it('unwraps what it wrapped, for the same owner only', () => {
    fc.assert(
      fc.property(bytes, bytes, (master, key) => {
        const masterKey = MasterKey.fromText(master.toString('hex'));
        const wrapped = masterKey.wrap(key, 'person:1');
        expect(masterKey.unwrap(wrapped, 'person:1')).toEqual(key);
        expect(wrapped.wrapped.includes(key)).toBe(false);
        expect(() => masterKey.unwrap(wrapped, 'person:2')).toThrow(/changed/);
      }),
    );
  });

  it('gives unrelated hashes for different purposes, data and keys, and the same for the same', () => {
    fc.assert(
      fc.property(bytes, bytes, fc.string(), fc.string(), (one, two, purpose, data) => {
        fc.pre(!one.equals(two));
        const [a, b] = [MasterKey.fromText(one.toString('hex')), MasterKey.fromText(two.toString('hex'))];
        const hash = a.hmac(purpose, data);
        expect(MasterKey.fromText(one.toString('base64')).hmac(purpose, data)).toEqual(hash);
        const others = [a.hmac(`${purpose}x`, data), a.hmac(purpose, `${data}x`), b.hmac(purpose, data)];
        expect(others.some((other) => other.equals(hash))).toBe(false);
      }),
    );
  });

  describe('rotated', () => {
    const [old, middle, fresh] = [MasterKey.generate(), MasterKey.generate(), MasterKey.generate()];

    it('wraps under the first key and still unwraps what the others wrapped', () => {
      const key = Buffer.alloc(32, 7);
      const before = MasterKey.fromText(old).wrap(key, 'x');
      const rotated = MasterKey.fromText(`${fresh}, ${middle}, ${old}`);
      expect(rotated.unwrap(before, 'x')).toEqual(key);
      expect(rotated.wrap(key, 'x').masterKeyId).toBe(MasterKey.fromText(fresh).id);
    });

    it('keeps its look-up hashes', () => {
      const rotated = MasterKey.fromText(`${fresh},${middle},${old}`);
      expect(rotated.hmac('lookup.phone', '49170')).toEqual(MasterKey.fromText(old).hmac('lookup.phone', '49170'));
    });

    it('names the key that is missing', () => {
      const wrapped = MasterKey.fromText(middle).wrap(Buffer.alloc(32), 'x');
      expect(() => MasterKey.fromText(fresh).unwrap(wrapped, 'x')).toThrow(MasterKey.fromText(middle).id);
    });
  });
});
