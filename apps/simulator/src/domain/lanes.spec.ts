import fc from 'fast-check';
import { Lanes } from './lanes.js';
import { Random } from './random.js';

describe('lanes', () => {
  it('deliver everything once, each lane in its order and never twice at a time', () => {
    const items = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 80 });
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 7 }), fc.nat(), (added, limit, seed) => {
        const lanes = new Lanes<{ lane: string; n: number }>();
        const random = new Random(seed);
        added.forEach((lane, n) => lanes.add(lane, { lane, n }));
        const seen: { lane: string; n: number }[] = [];
        const out: string[][] = [];
        while (seen.length < added.length) {
          const taken = lanes.take(limit);
          expect(taken.items.length).toBeLessThanOrEqual(limit);
          expect(taken.lanes.filter((lane) => out.flat().includes(lane))).toEqual([]);
          seen.push(...taken.items);
          if (taken.lanes.length > 0) out.push(taken.lanes);
          if (taken.lanes.length === 0 || random.chance(0.5)) lanes.release(out.shift() ?? []);
        }
        expect(lanes.size).toBe(0);
        for (const lane of ['a', 'b', 'c']) {
          const order = seen.filter((item) => item.lane === lane).map((item) => item.n);
          expect(order).toEqual(order.toSorted((x, y) => x - y));
        }
      }),
    );
  });
});
