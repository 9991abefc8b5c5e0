import fc from 'fast-check';
import { PAIR_HISTORY_MS, PairLimit } from './pair-limit.js';

describe('the pair limit', () => {
  it('lets 45 go at once and then one each 6 s', () => {
    const pairs = new PairLimit();
    for (let n = 0; n < 45; n++) {
      expect(pairs.waitFor('a', 0)).toBe(0);
      pairs.spend('a', 0);
    }
    expect(pairs.waitFor('a', 0)).toBe(6000);
    expect(pairs.waitFor('a', 6000)).toBe(0);
    expect(pairs.waitFor('b', 0)).toBe(0);
  });

  it('is the same after a hand-over', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(PAIR_HISTORY_MS), { maxLength: 80 }), (times) => {
        const moments = times.sort((a, b) => a - b);
        const [before, after] = [new PairLimit(), new PairLimit()];
        for (const at of moments) before.spend('a', at);
        after.restore('a', moments);
        expect(after.waitFor('a', PAIR_HISTORY_MS)).toBe(before.waitFor('a', PAIR_HISTORY_MS));
      }),
    );
  });

  it('never lets more than 45 and one per 6 s through', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000), { maxLength: 300 }), (gaps) => {
        const pairs = new PairLimit();
        const taken: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          if (pairs.waitFor('a', now) > 0) continue;
          pairs.spend('a', now);
          taken.push(now);
        }
        for (const [n, from] of taken.entries()) {
          for (const [m, to] of taken.entries()) {
            if (m >= n) expect(m - n + 1).toBeLessThanOrEqual(45 + Math.floor((to - from) / 6000));
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});
