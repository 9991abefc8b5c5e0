import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { RingCipher } from './person-cipher.js';

function person(): RingCipher {
  const cipher = new RingCipher(randomUUID());
  cipher.add(cipher.personId, randomBytes(32));
  return cipher;
}

describe('PersonCipher', () => {
  it('gives back any text', () => {
    const cipher = person();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const wellFormed = text.toWellFormed();
        expect(cipher.decrypt(cipher.encrypt(wellFormed))).toBe(wellFormed);
      }),
    );
  });

  it('shows nothing of the text, and the same text differently each time', () => {
    const cipher = person();
    const [one, two] = [cipher.encrypt('+4917012345678'), cipher.encrypt('+4917012345678')];
    expect(one.equals(two)).toBe(false);
    expect(one.toString('latin1')).not.toContain('4917012345678');
  });

  it("says that another person's key is not at hand", () => {
    const data = person().encrypt('x');
    expect(() => person().decrypt(data)).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', reason: 'VAULT.KEY_ERASED' }) as Error,
    );
  });

  it('does not open data that was given another owner', () => {
    const [one, two] = [person(), person()];
    one.add(two.personId, randomBytes(32));
    const data = one.encrypt('x');
    Buffer.from(two.personId.replaceAll('-', ''), 'hex').copy(data, 1);
    expect(() => one.decrypt(data)).toThrow(expect.objectContaining({ reason: 'VAULT.DATA_CORRUPT' }) as Error);
  });

  it('survives noise', () => {
    const cipher = person();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
        expect(() => cipher.decrypt(noise)).toThrow(expect.objectContaining({ name: 'AppError' }) as Error);
      }),
    );
  });

  it('encrypts nothing once the key is gone', () => {
    expect(() => new RingCipher(randomUUID()).encrypt('x')).toThrow(
      expect.objectContaining({ reason: 'VAULT.KEY_ERASED' }) as Error,
    );
  });
});
