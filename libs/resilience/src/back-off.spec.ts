import { BackOff, pause } from './index.js';

describe('BackOff', () => {
  it('doubles up to its limit and takes at most half away', () => {
    const backOff = new BackOff(100, 1000);
    for (const nominal of [100, 200, 400, 800, 1000, 1000]) {
      const ms = backOff.next();
      expect(ms).toBeGreaterThanOrEqual(nominal / 2);
      expect(ms).toBeLessThanOrEqual(nominal);
    }
  });

  it('starts again after a success', () => {
    const backOff = new BackOff(100, 1000);
    backOff.next();
    backOff.next();
    backOff.reset();
    expect(backOff.next()).toBeLessThanOrEqual(100);
  });

  it('does not wait once the signal has aborted', async () => {
    await expect(pause(3_600_000, AbortSignal.abort())).resolves.toBeUndefined();
  });
});
