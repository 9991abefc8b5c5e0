import { lintOwn } from './lint-own.js';
import type { OwnIntent } from './own-intent.js';

const own = (part: Partial<OwnIntent>): OwnIntent => ({
  intent: 'engraving',
  examples: ['engrave it', 'do you engrave', 'an engraving', 'engraving price', 'engrave a ring'],
  synonyms: {},
  numbers: [],
  ...part,
});
const said = (...intents: OwnIntent[]): string[] =>
  lintOwn(intents, ['track_order']).map(({ at, path, message }) => `${at} ${path.join('.')}: ${message}`);
const masks = (...shapes: string[]): OwnIntent => own({ numbers: [{ type: 'job', masks: shapes }] });

describe('lintOwn', () => {
  it('has nothing to say about what is right', () => {
    const other = own({ intent: 'wrapping', examples: ['wrap it'], synonyms: { wrap: ['pack', 'gift wrap'] } });
    expect(said(masks('EN-00000', 'aa/000-0'), other)).toEqual([]);
    expect(said(own({ numbers: [{ type: 'order_number', masks: ['000000'] }] }))).toEqual([]);
  });

  it.each([
    ['a name Parley has', [own({ intent: 'track_order' })], /^0 intent: "track_order" is an intent that Parley has/],
    ['a name twice', [own({}), own({ examples: ['other'] })], /^1 intent: intent "engraving" exists twice/],
    [
      'an example twice',
      [own({ examples: ['Engrave it', 'engrave it!'] })],
      /^0 examples.1: "engrave it!" is there already \("Engrave it"\)/,
    ],
    [
      'an example of two',
      [own({}), own({ intent: 'b', examples: ['Engrave  IT'] })],
      /^1 examples.0: .* is an example of "engraving" too/,
    ],
    ['an example without words', [own({ examples: ['123 🙂'] })], /^0 examples.0: "123 🙂" has no words/],
    ['a synonym of itself', [own({ synonyms: { wrap: ['Wrap'] } })], /^0 synonyms.wrap.0: "Wrap" is the same word/],
    ['a synonym of two words', [own({ synonyms: { a: ['x'], b: ['X'] } })], /^0 synonyms.b.0: "X" is under "a" too/],
    ['a synonym twice', [own({ synonyms: { a: ['x', 'x'] } })], /^0 synonyms.a.1: "x" is twice/],
    [
      'a chain of synonyms',
      [own({ synonyms: { a: ['b'], b: ['c'] } })],
      /^0 synonyms.a.0: "b" has synonyms of its own/,
    ],
    ['a synonym without words', [own({ synonyms: { a: ['!'] } })], /^0 synonyms.a.0: "!" has no words/],
    ['a long synonym', [own({ synonyms: { a: ['one two three four five'] } })], /has more than 4 words/],
    ['a mask that is none', [masks('EN-####')], /^0 numbers.0.masks.0: "EN-####" is not a mask: 0 is a digit/],
    ['two separators', [masks('EN--000')], /is not a mask/],
    ['a long mask', [masks('EN' + '0'.repeat(40))], /is not a mask/],
    ['a short mask', [masks('A0')], /too many other things/],
    ['a mask without a digit', [masks('aaaa')], /too many other things/],
    ['digits only', [masks('00000')], /the shape of order numbers and phones/],
    ['a mask twice', [masks('EN-000', 'EN-000')], /^0 numbers.0.masks.1: .* is there twice/],
    [
      'a type of two',
      [masks('EN-000'), { ...masks('AB-000'), intent: 'b', examples: ['x'] }],
      /^1 numbers.0.type: "job" belongs to "engraving"/,
    ],
  ])('refuses %s', (_what, intents, expected) => {
    expect(said(...intents)).toEqual([expect.stringMatching(expected)]);
  });
});
