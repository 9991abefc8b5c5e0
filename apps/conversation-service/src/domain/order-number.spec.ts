import fc from 'fast-check';
import { asciiDigits, isOrderNumber, longerNumbers, normaliseOrderNumber, orderNumberIn } from './order-number.js';

const shapes = ['1234', 'SO-10023', '55-A', '#A1B2', 'WEB/2026/00081'];

/** A number as somebody may write it: other digits, other case, spaces and a hash. */
const written = fc
  .record({
    shape: fc.constantFrom(...shapes),
    zero: fc.constantFrom(0x30, 0x660, 0x6f0, 0x966, 0xff10),
    lower: fc.boolean(),
    gap: fc.boolean(),
  })
  .map(({ shape, zero, lower, gap }) => {
    const digits = shape.replace(/[0-9]/g, (digit) => String.fromCodePoint(zero + Number(digit)));
    const cased = lower ? digits.toLowerCase() : digits;
    return { shape, text: gap ? ` ${cased.split('').join(' ')} ` : cased };
  });

describe('order numbers', () => {
  it('are the same in any digits, case, spacing, with or without a hash', () => {
    fc.assert(fc.property(written, ({ shape, text }) => normaliseOrderNumber(text) === normaliseOrderNumber(shape)));
  });

  it('stay as they are when normalised again', () => {
    fc.assert(
      fc.property(written, ({ text }) => {
        const once = normaliseOrderNumber(text);
        expect(normaliseOrderNumber(once)).toBe(once);
      }),
    );
  });

  it('stay different when they differ in more than that', () => {
    expect(normaliseOrderNumber('12-34')).not.toBe(normaliseOrderNumber('1234'));
    expect(normaliseOrderNumber('WEB/2026/00081')).not.toBe(normaliseOrderNumber('WEB/2026/81'));
  });

  it('turns every decimal digit into its ASCII twin', () => {
    expect(asciiDigits('٠١٢٣٤٥٦٧٨٩ ०१२३४५६७८९ ۰۹ 𝟘𝟙𝟵')).toBe('0123456789 0123456789 09 019');
  });

  it.each([...shapes, 'SO 10023', 'INV.2026'])('takes %s for one', (shape) => expect(isOrderNumber(shape)).toBe(true));
  it.each(['12', 'hello', 'A1', '1--2345', '-1234', '1234567890123456789012345', ''])(
    'does not take %p for one',
    (text) => expect(isOrderNumber(text)).toBe(false),
  );

  it.each([
    ['1234', '1234'],
    ['it is #1234, thanks!', '1234'],
    ['es la SO-10023.', 'SO-10023'],
    ['طلبي ١٢٣٤', '1234'],
    ['1234 1234', '1234'],
    ['1234 or 1235', null],
    ['the blue one', null],
    ['77 88 99', '77 88 99'],
    ['55 A', '55 A'],
    ['', null],
  ])('finds in %p: %p', (text, number) => expect(orderNumberIn(text)).toBe(number));

  it.each([
    ['where is order 7700 8800?', '7700', ['order 7700', '7700 8800', 'is order 7700', 'order 7700 8800']],
    ['SO10 023', 'SO10', ['SO10 023']],
    ['1234', '1234', []],
    ['1234, 5678', '1234', []],
    ['1 234', '999', []],
  ])('reads %p with %p in it also as %p', (text, heard, readings) =>
    expect(longerNumbers(text, heard)).toEqual(readings),
  );
});
