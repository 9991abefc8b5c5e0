import fc from 'fast-check';
import { Synonyms } from './synonyms.js';

describe('Synonyms', () => {
  const synonyms = new Synonyms([
    { synonyms: { engraving: ['Gravür', 'laser lettering', 'lettering'], gift: ['présent'] } },
  ]);

  it.each([
    ['a GRAVUR, please', 'a engraving, please'],
    ['laser  lettering? lettering!', 'engraving? engraving!'],
    ['un present', 'un gift'],
    ['nothing of it', 'nothing of it'],
    ['letterings stay', 'letterings stay'],
    ['', ''],
  ])('reads "%s" as "%s"', (text, read) => {
    expect(synonyms.read(text)).toBe(read);
  });

  it('leaves any text without them as it is, and reads what it has read the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        expect(new Synonyms([]).read(text)).toBe(text);
        const once = synonyms.read(text);
        expect(synonyms.read(once)).toBe(once);
      }),
    );
  });
});
