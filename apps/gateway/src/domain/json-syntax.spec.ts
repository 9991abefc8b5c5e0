import fc from 'fast-check';
import { isJson } from './json-syntax.js';

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON with a few signs changed, taken out or put in. */
const almostJson = fc
  .tuple(
    fc.json(),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.constantFrom('', ',', ':', '"', '\\', '{', '}', '[', ']', ' ', '0', '-', '.', 'e', 'u', '\n', '\v'),
      ),
    ),
  )
  .map(([text, changes]) => {
    const signs = [...text];
    for (const [at, sign] of changes.slice(0, 3)) signs.splice(at % (signs.length + 1), at % 2, sign);
    return signs.join('');
  });

describe('looking whether bytes are JSON', () => {
  it('agrees with JSON.parse about JSON and what is almost JSON', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), almostJson, fc.string()), (text) => {
        expect(isJson(Buffer.from(text))).toBe(parses(text));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    '',
    ' ',
    '01',
    '1.',
    '-',
    '+1',
    '.5',
    '1e',
    '[1,]',
    '{"a":1,}',
    '{,}',
    '[1 2]',
    '{"a" 1}',
    '"\t"',
    '"\\x"',
    'nul',
    '1 2',
    '{}}',
  ])('refuses %j', (text) => {
    expect(isJson(Buffer.from(text))).toBe(false);
  });

  it.each([30, 31, 32, 33, 511, 512, 513, 100_000])('takes a number of %i digits', (count) => {
    expect(isJson(Buffer.from(`[${'1'.repeat(count)},1e5,-0.5]`))).toBe(true);
    expect(isJson(Buffer.from(`[${'1'.repeat(count)}-]`))).toBe(false);
  });

  it('minds no depth', () => {
    const deep = '['.repeat(2_000_000) + ']'.repeat(2_000_000);
    expect(isJson(Buffer.from(deep))).toBe(true);
    expect(isJson(Buffer.from(deep.slice(1)))).toBe(false);
  });
});
