import fc from 'fast-check';
import { Random } from './random.js';

describe('dice', () => {
  it('shuffle without losing anything, the same way for the same seed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.nat(), (items, seed) => {
        const shuffled = new Random(seed).shuffled(items);
        expect(shuffled.toSorted()).toEqual(items.toSorted());
        expect(new Random(seed).shuffled(items)).toEqual(shuffled);
      }),
    );
  });

  it('stay within their bounds', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: -50, max: 50 }), fc.nat({ max: 50 }), (seed, min, width) => {
        const thrown = new Random(seed).between(min, min + width);
        expect(thrown).toBeGreaterThanOrEqual(min);
        expect(thrown).toBeLessThanOrEqual(min + width);
      }),
    );
  });

  it('begin anew after a restart', () => {
    const random = new Random(5);
    const first = [random.next(), random.next()];
    random.restart();
    expect([random.next(), random.next()]).toEqual(first);
  });
});
