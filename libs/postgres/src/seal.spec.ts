import fc from 'fast-check';
import { seal, unseal } from './seal.js';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const context = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed());

describe('seal', () => {
  it('opens to what was sealed, whatever it was', () => {
    fc.assert(
      fc.property(key, fc.uint8Array({ maxLength: 500 }), context, (k, plain, about) => {
        expect(unseal(k, seal(k, plain, about), about)).toEqual(Buffer.from(plain));
      }),
    );
  });

  it('never gives the same bytes twice', () => {
    fc.assert(
      fc.property(key, fc.uint8Array(), (k, plain) => {
        expect(seal(k, plain, '')).not.toEqual(seal(k, plain, ''));
      }),
    );
  });

  it('takes another nonce each time, however many there are', () => {
    const nonces = Array.from({ length: 3000 }, () =>
      seal(Buffer.alloc(32), Buffer.alloc(0), '').toString('hex', 1, 13),
    );
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  it('does not open when one bit is changed, wherever it is', () => {
    fc.assert(
      fc.property(
        key,
        fc.uint8Array({ maxLength: 50 }),
        fc.nat(),
        fc.integer({ min: 0, max: 7 }),
        (k, plain, at, bit) => {
          const sealed = seal(k, plain, 'about');
          const index = at % sealed.length;
          sealed[index] = (sealed[index] ?? 0) ^ (1 << bit);
          expect(() => unseal(k, sealed, 'about')).toThrow(
            expect.objectContaining({ reason: 'VAULT.DATA_CORRUPT' }) as Error,
          );
        },
      ),
    );
  });

  it('does not open under another key or about something else', () => {
    fc.assert(
      fc.property(key, key, context, context, fc.uint8Array(), (k, other, about, else_, plain) => {
        fc.pre(Buffer.compare(k, other) !== 0 && about !== else_);
        const sealed = seal(k, plain, about);
        expect(() => unseal(other, sealed, about)).toThrow(/changed/);
        expect(() => unseal(k, sealed, else_)).toThrow(/changed/);
      }),
    );
  });

  it('refuses anything that was never sealed', () => {
    fc.assert(
      fc.property(key, fc.uint8Array({ maxLength: 100 }), (k, noise) => {
        expect(() => unseal(k, noise, '')).toThrow(expect.objectContaining({ code: 'DATA_LOSS' }) as Error);
      }),
    );
  });
});
