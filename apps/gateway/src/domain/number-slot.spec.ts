import fc from 'fast-check';
import { NumberSlot, sliceMs } from './number-slot.js';

const rate = fc.integer({ min: 1, max: 1000 });

describe('a slice of a number', () => {
  it('gives at most its share, never before its start, never after its end', () => {
    fc.assert(
      fc.property(rate, fc.array(fc.integer({ min: -50, max: 400 }), { maxLength: 400 }), (perSecond, moments) => {
        const length = sliceMs(perSecond);
        const slot = new NumberSlot(0, length, perSecond);
        const taken = moments.sort((a, b) => a - b).filter((at) => slot.take(at));
        expect(taken.length).toBeLessThanOrEqual(Math.ceil((length * perSecond) / 1000));
        for (const at of taken) expect(at >= 0 && at < length).toBe(true);
      }),
    );
  });

  it('back to back with others never lets more through in a second than the rate and what may be caught up', () => {
    fc.assert(
      fc.property(
        rate,
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 100, maxLength: 2000 }),
        (perSecond, steps) => {
          const length = sliceMs(perSecond);
          const taken: number[] = [];
          let slot = new NumberSlot(0, length, perSecond);
          let start = 0;
          let now = 0;
          for (const step of steps) {
            now += step;
            while (now >= start + length) slot = new NumberSlot((start += length), start + length, perSecond);
            if (slot.take(now)) taken.push(now);
          }
          const most = perSecond + Math.max(1, Math.floor(0.02 * perSecond)) + 1;
          for (const from of taken) {
            expect(taken.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(most);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('says truly how long to wait', () => {
    fc.assert(
      fc.property(rate, fc.integer({ min: 0, max: 99 }), (perSecond, now) => {
        const slot = new NumberSlot(0, sliceMs(perSecond), perSecond);
        while (slot.take(now));
        if (slot.isOver(now)) return;
        const later = now + slot.waitFor(now);
        expect(later >= sliceMs(perSecond) || slot.take(later + 1e-6)).toBe(true);
      }),
    );
  });
});
