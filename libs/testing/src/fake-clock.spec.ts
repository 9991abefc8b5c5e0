import { FakeClock } from './fake-clock.js';

describe('FakeClock', () => {
  it('moves only when told to', () => {
    const clock = new FakeClock('2026-01-01T00:00:00Z');
    clock.advance(90_000);
    expect(clock.now().toISOString()).toBe('2026-01-01T00:01:30.000Z');
    clock.set('2025-01-01T00:00:00Z');
    expect(clock.now().toISOString()).toBe('2025-01-01T00:00:00.000Z');
  });

  it('wakes sleepers in the order of their time', async () => {
    const clock = new FakeClock();
    const woken: string[] = [];
    const sleepers = [
      clock.sleep(200).then(() => woken.push('late')),
      clock.sleep(100).then(() => woken.push('early')),
    ];
    clock.advance(99);
    await Promise.resolve();
    expect([woken, clock.sleeping]).toEqual([[], 2]);
    clock.advance(1000);
    await Promise.all(sleepers);
    expect([woken, clock.sleeping]).toEqual([['early', 'late'], 0]);
  });

  it('lets a signal end a sleep', async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    const sleeping = clock.sleep(1000, stop.signal);
    stop.abort();
    await sleeping;
    expect(clock.sleeping).toBe(0);
    await clock.sleep(1000, stop.signal);
  });
});
