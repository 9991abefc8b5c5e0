import fc from 'fast-check';
import { elements, members, nestsDeeper, whole } from './json-slices.js';

const spaced = (value: unknown, space: number): Buffer => Buffer.from(` ${JSON.stringify(value, null, space)}\n`);

describe('slices of a body', () => {
  it('are the elements of any array, byte for byte', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.integer({ min: 0, max: 3 }), (list, space) => {
        const body = spaced(list, space);
        const found = elements(body, whole(body)).map(
          ({ start, end }) => JSON.parse(body.toString('utf8', start, end)) as unknown,
        );
        expect(found).toEqual(JSON.parse(body.toString()));
      }),
    );
  });

  it('are the members of any object, by name', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.integer({ min: 0, max: 3 }), (object, space) => {
        const body = spaced(object, space);
        const found = members(body, whole(body), new Set(['entry', 'a', '"', '\\']));
        for (const [name, { start, end }] of found) {
          expect(JSON.parse(body.toString('utf8', start, end))).toEqual(
            (JSON.parse(body.toString()) as Record<string, unknown>)[name],
          );
        }
      }),
    );
  });

  it('take the last of two members with one name, however it is spelled', () => {
    const body = Buffer.from('{"entry":1,"\\u0065ntry": [2]}');
    const slice = members(body, whole(body), new Set(['entry'])).get('entry');
    expect(body.toString('utf8', slice?.start, slice?.end)).toBe('[2]');
  });
});

describe('nesting', () => {
  it('is measured outside of strings, in valid and in broken bodies', () => {
    expect(nestsDeeper(Buffer.from('[[[1]]]'), 3)).toBe(false);
    expect(nestsDeeper(Buffer.from('[[[[1]]]]'), 3)).toBe(true);
    expect(nestsDeeper(Buffer.from('["[[[[[[", "\\"[[[[["]'), 3)).toBe(false);
    expect(nestsDeeper(Buffer.from('[[[['), 3)).toBe(true);
  });
});
