import fc from 'fast-check';
import { pauseAfter, treatmentOf } from './graph-errors.js';
import { judge } from './judge.js';

const NOW = new Date('2026-11-22T10:00:00Z');
const answered = (code: number, attempts = 1) => judge({ attempts, unsent: 0 }, { kind: 'answered', code }, NOW);

describe('the answer to a POST', () => {
  it.each([
    [131047, 'refused'],
    [131026, 'refused'],
    [131049, 'refused'],
    [100, 'refused'],
    [131056, 'waiting'],
    [130429, 'waiting'],
    [131000, 'waiting'],
    [2, 'waiting'],
    [190, 'queued'],
    [0, 'queued'],
    [131042, 'queued'],
    [210, 'queued'],
  ])('with code %d leaves the send %s', (code, state) => {
    expect(answered(code).outcome.state).toBe(state);
  });

  it('with a code nobody knows is never retried, and surfaces', () => {
    expect(answered(777_777)).toMatchObject({
      outcome: { state: 'refused', reason: 'GRAPH.777777' },
      unknownCode: 777_777,
    });
  });

  it('stops the channel where configuration is at fault', () => {
    expect(answered(190).stopNumber).toBe('GRAPH.190');
    expect(answered(131047).stopNumber).toBeUndefined();
  });

  it('slows the number down where it is too fast, and never for hours', () => {
    expect(answered(130429).pauseNumberMs).toBe(2000);
    expect(answered(131048).pauseNumberMs).toBe(60_000);
    expect(answered(131056).pauseNumberMs).toBeUndefined();
  });

  it('of a generic failure is retried five times at most', () => {
    expect(answered(131000, 4).outcome.state).toBe('waiting');
    expect(answered(131000, 5).outcome.state).toBe('refused');
  });

  it('that never left is retried at once, then more slowly, and counts as no attempt', () => {
    const pause = (unsent: number): number => {
      const { outcome } = judge({ attempts: 1, unsent }, { kind: 'not-sent', reason: 'HTTP.ECONNREFUSED' }, NOW);
      expect(outcome).toMatchObject({ state: 'waiting', posted: false });
      return 'retryAt' in outcome ? outcome.retryAt.getTime() - NOW.getTime() : -1;
    };
    expect([pause(0), pause(1), pause(2), pause(20)]).toEqual([0, 250, 500, 5000]);
  });

  it('that nobody knows is in doubt', () => {
    expect(judge({ attempts: 1, unsent: 0 }, { kind: 'unknown', reason: 'HTTP.502' }, NOW).outcome.state).toBe(
      'in-doubt',
    );
  });
});

describe('pauses', () => {
  it('of a pair that is too fast are 4^n seconds', () => {
    expect([1, 2, 3].map((n) => pauseAfter(treatmentOf(131056), n))).toEqual([4000, 16_000, 64_000]);
  });

  it('have a limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 140_000 }), fc.integer({ min: 1, max: 1000 }), (code, attempts) => {
        const treatment = treatmentOf(code);
        expect(pauseAfter(treatment, attempts)).toBeLessThanOrEqual(treatment.mostPauseMs);
      }),
    );
  });
});
