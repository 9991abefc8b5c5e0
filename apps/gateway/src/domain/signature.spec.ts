import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { isSigned, sameSecret } from './signature.js';

const sign = (body: Uint8Array, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
const bytes = fc.uint8Array({ maxLength: 300 });
const secret = fc.string({ minLength: 1 });

describe('a signature', () => {
  it('holds for the bytes it was made over, under any of the secrets', () => {
    fc.assert(
      fc.property(bytes, secret, secret, (body, one, other) => {
        expect(isSigned(body, [sign(body, one)], [one, other])).toBe(true);
        expect(isSigned(body, [sign(body, other)], [one, other])).toBe(true);
      }),
    );
  });

  it('does not hold when one bit of the body differs', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.nat(),
        fc.nat(7),
        secret,
        (body, at, bit, key) => {
          const changed = Uint8Array.from(body);
          changed[at % body.length] = (changed[at % body.length] ?? 0) ^ (1 << bit);
          expect(isSigned(changed, [sign(body, key)], [key])).toBe(false);
        },
      ),
    );
  });

  it('holds in one spelling only', () => {
    const body = Buffer.from('{}');
    const good = sign(body, 's');
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.string({ maxLength: 1 }), (at, sign) => {
        fc.pre(sign !== good[at]);
        expect(isSigned(body, [good.slice(0, at) + sign + good.slice(at + 1)], ['s'])).toBe(false);
      }),
    );
    for (const signatures of [[], [good, good], [` ${good}`], [`${good}\n`]]) {
      expect(isSigned(body, signatures, ['s'])).toBe(false);
    }
  });
});

describe('a secret', () => {
  it('equals itself and nothing else', () => {
    fc.assert(fc.property(secret, secret, (one, other) => expect(sameSecret(one, other)).toBe(one === other)));
  });
});
