import { join } from 'node:path';
import fc from 'fast-check';
import { parseMessage, parseMessageWith } from '../src/app.module.js';

const plain = parseMessage();
const taught = await parseMessageWith(join(import.meta.dirname, 'fixtures/content'));
/** Pieces that parsers stumble over: halves of signs, directions, joiners, digits of other scripts, much of one thing. */
const piece = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.base64String({ minLength: 0, maxLength: 200 }),
  fc.constantFrom(
    '\ud800',
    '\udfff',
    '\u202e',
    '\u2066',
    '\u200d',
    '\u0000',
    '٣٤',
    '१२',
    'order',
    '#',
    'order #1234',
    'EN-20417',
    'STOP',
    '😀',
  ),
  fc
    .tuple(
      fc.constantFrom('a', '1', ' ', '#', '1-', '\ud83d', 'ß', '.', '@', 'order '),
      fc.integer({ min: 1, max: 4000 }),
    )
    .map(([sign, count]) => sign.repeat(count)),
);
const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('').slice(0, 65_536));

describe.each([
  ['any text at all', plain],
  ['any text at all, with intents of the business,', taught],
])('%s', (_what, parser) => {
  it('is understood as something, with entities that stand where they say', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(undefined, 'order', 'confirm', 'rating', 'nothing'), (said, context) => {
        const { intent, confidence, entities, language } = parser.run({ text: said, context });
        expect(intent).not.toBe('');
        expect(typeof language).toBe('string');
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
        for (const { start, end } of entities) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(said.length);
        }
      }),
      { numRuns: 300 },
    );
  });
});
