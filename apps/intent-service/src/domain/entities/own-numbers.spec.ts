import fc from 'fast-check';
import { LONGEST_MASK, MASK, OwnNumbers } from './own-numbers.js';
import { Reading } from './reading.js';

const valuesIn = (masks: readonly string[], text: string): string[] =>
  new OwnNumbers([{ type: 'job', masks }]).in(new Reading(text)).map(({ value }) => value);

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const DIGITS = [...'0123456789'];
const group = fc
  .array(fc.constantFrom('0', '0', 'a', '7', 'E', 'N'), { minLength: 1, maxLength: 6 })
  .map((signs) => signs.join(''));
const separator = fc.constantFrom('-', '/', '.', ' ');
const mask = fc
  .tuple(group, fc.array(fc.tuple(separator, group), { maxLength: 3 }))
  .map(([first, rest]) => first + rest.map((parts) => parts.join('')).join(''))
  .filter((text) => MASK.test(text) && text.length <= LONGEST_MASK);

/** A mask, and a number that it is the shape of. */
const numbered = mask.chain((shape) => {
  const signs = [...shape].map((sign) => {
    if (sign === '0') return fc.constantFrom(...DIGITS);
    return sign === 'a' ? fc.constantFrom(...LETTERS) : fc.constant(sign);
  });
  return fc.tuple(...signs).map((parts) => ({ shape, number: parts.join('') }));
});

describe('OwnNumbers', () => {
  it('finds any number of a mask, in small letters, with another separator or with none, and writes it as the mask does', () => {
    const typed = fc.constantFrom('-', '/', '.', ' ', '');
    fc.assert(
      fc.property(numbered, typed, fc.boolean(), ({ shape, number }, between, small) => {
        const joined = number.replace(/[-/. ]/g, between);
        const text = `(${small ? joined.toLowerCase() : joined})`;
        expect(valuesIn([shape], text)).toContain(number);
      }),
    );
  });

  it('finds nothing in the middle of another code', () => {
    fc.assert(
      fc.property(numbered, fc.constantFrom('7', 'x', 'é', 'X-', '7/'), ({ shape, number }, before) => {
        const found = new OwnNumbers([{ type: 'job', masks: [shape] }]).in(new Reading(before + number));
        expect(found.filter(({ start }) => start === before.length)).toEqual([]);
      }),
    );
  });

  it('takes one look at each place, whatever the mask and the text are', () => {
    // A pattern that could be matched in two ways would take for ever here.
    const text = '0-0-0/0.0 a-a a.a/0 '.repeat(5000) + '0'.repeat(100_000) + '-'.repeat(100_000);
    fc.assert(
      fc.property(mask, (shape) => {
        expect(valuesIn([shape], text)).toEqual(expect.any(Array));
      }),
      { numRuns: 20 },
    );
  });

  it('says where a number stands, and reads it as a word of its type', () => {
    const numbers = new OwnNumbers([{ type: 'repair_number', masks: ['R-0000'] }]);
    const text = 'is r 1234, done?';
    const [found] = numbers.in(new Reading(text));
    expect(found).toMatchObject({ type: 'repair_number', value: 'R-1234', start: 3, end: 9 });
    expect(numbers.asWords(text)).toBe('is repairnumber, done?');
    expect(new OwnNumbers([]).asWords(text)).toBe(text);
  });
});
