import { BulkPace } from './bulk-pace.js';

/** Bulk messages that leave within a second from `from` on, asking every millisecond. */
function inASecond(pace: BulkPace, from: number, live?: (now: number) => void): number {
  let left = 0;
  for (let now = from; now < from + 1000; now++) {
    live?.(now);
    if (pace.waitFor(now) > 0) continue;
    pace.spend(now);
    left++;
  }
  return left;
}

describe('the pace of a campaign', () => {
  it('is that of the number while nobody writes', () => {
    const pace = new BulkPace(80, 50);
    expect(inASecond(pace, 0)).toBe(1000);
  });

  it('is what was set beside live messages, from the first of them until two seconds after the last', () => {
    const pace = new BulkPace(1000, 50);
    pace.live(0);
    expect(inASecond(pace, 0)).toBe(50);
    expect(inASecond(pace, 1000)).toBe(50);
    expect(inASecond(pace, 2100)).toBeGreaterThan(900);
  });

  it('is no more than what live messages leave of the rate, less a reserve, and never nothing', () => {
    const busy = (each: number) => (pace: BulkPace) => (now: number) => now % each === 0 && pace.live(now);
    const half = new BulkPace(80, 1000);
    inASecond(half, 0, busy(25)(half));
    // 80 a second, less 8, less 40 live ones.
    expect(inASecond(half, 1000, busy(25)(half))).toBeGreaterThanOrEqual(31);
    expect(inASecond(half, 2000, busy(25)(half))).toBeLessThanOrEqual(33);
    const full = new BulkPace(80, 1000);
    inASecond(full, 0, busy(12)(full));
    expect(inASecond(full, 1000, busy(12)(full))).toBe(1);
  });

  it('catches nothing up', () => {
    const pace = new BulkPace(1000, 10);
    pace.live(0);
    pace.spend(0);
    pace.live(1000);
    pace.spend(1000);
    expect(pace.waitFor(1000)).toBe(100);
  });
});
