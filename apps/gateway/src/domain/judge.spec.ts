import fc from 'fast-check';
import { isKnownCode, pauseAfter, treatmentOf } from './graph-errors.js';
import { judge } from './judge.js';

const NOW = new Date('2026-11-22T10:00:00Z');
const answered = (code: number, attempts = 1) => judge({ attempts, unsent: 0 }, { kind: 'answered', code }, NOW);

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];

/** What each code of Meta's table asks for, in the table's own order. */
type Row = [
  what: string,
  codes: number[],
  then: { stops?: true; waitMs?: number; slowsMs?: number; attempts?: number },
];
const refused = {};
const stops = { stops: true } as const;
const TABLE: Row[] = [
  ['the token is invalid or expired', [0, 190], stops],
  ['a capability or permission is missing', [3, 10, 200, 250, 299], stops],
  ['unknown, down, generic', [1, 2, 131000, 131016, 135000], { waitMs: SECOND, attempts: 5 }],
  ['too many calls of the app or account', [4, 80007, 613], { waitMs: MINUTE, slowsMs: MINUTE }],
  ['too many messages a second', [130429], { waitMs: 2 * SECOND, slowsMs: 2 * SECOND }],
  ['too many to one person', [131056], { waitMs: 4 * SECOND }],
  ['the spam limit', [131048], { waitMs: HOUR, slowsMs: MINUTE }],
  ['a limit for wrong template categories', [131064], stops],
  ['registered too often', [133016], { waitMs: 72 * HOUR, slowsMs: MINUTE }],
  ['the number is in maintenance', [131057], { waitMs: MINUTE, attempts: 5 }],
  ['the object or number is gone', [33], stops],
  ['a parameter is invalid, missing or wrong', [100, 131008, 131009], refused],
  ['sender and recipient are the same', [131021], refused],
  ['blocked by policy, account locked', [368, 131031], stops],
  ['the country is barred', [130497], refused],
  ['access denied, bad registration, number not registered', [131005, 131045, 133010], stops],
  ['a group of one', [131020], refused],
  ['undeliverable', [131026], refused],
  ['the recipient is not in the list for tests', [131030], stops],
  ['the display name is not approved', [131037], stops],
  ['payment', [131042, 131044], stops],
  ['the 24-hour window is closed', [131047], refused],
  ['the cap on marketing for this person', [131049], refused],
  ['the person opted out of marketing', [131050], refused],
  ["Meta's experiment", [130472], refused],
  ['the type is not supported', [131051], refused],
  ['media could not be downloaded', [131052], refused],
  ['media could not be uploaded', [131053], { waitMs: SECOND, attempts: 2 }],
  ['the method is not allowed', [131055], refused],
  ['the message is unavailable', [131060], refused],
  ['a user id cannot get this message', [131062], refused],
  ['marketing is off at this endpoint', [131063], stops],
  ['the template does not fit', [132000, 132001, 132005, 132007, 132008, 132012, 132018], refused],
  ['the template is paused', [132015], { waitMs: HOUR }],
  ['the template is disabled', [132016], refused],
  ['the flow is blocked', [132068], stops],
  ['the flow is throttled', [132069], { waitMs: HOUR }],
  ['registration is incomplete', [133000, 133005, 133006, 133008, 133009], stops],
  ['the registration server is down', [133004], { waitMs: SECOND, attempts: 5 }],
  ['the number was deleted just now', [133015], { waitMs: 5 * MINUTE, slowsMs: MINUTE }],
  ['terms of payments or marketing', [134011, 134100, 134101, 134102], stops],
  ['the identity of the recipient changed', [137000], refused],
];

describe('the table of codes', () => {
  const cases = TABLE.flatMap(([what, codes, then]) => codes.map((code) => [code, what, then] as const));

  it.each(cases)('%d: %s', (code, _what, { stops: stopped, waitMs, slowsMs, attempts }) => {
    const { outcome, stopNumber, pauseNumberMs, unknownCode } = answered(code);
    const reason = `GRAPH.${code}`;
    expect(outcome).toMatchObject({ state: stopped ? 'queued' : waitMs ? 'waiting' : 'refused', reason, posted: true });
    expect(stopNumber).toBe(stopped ? reason : undefined);
    expect(pauseNumberMs).toBe(slowsMs);
    expect(unknownCode).toBeUndefined();
    if (waitMs && 'retryAt' in outcome) expect(outcome.retryAt).toEqual(new Date(NOW.getTime() + waitMs));
    if (!attempts) return;
    expect(answered(code, attempts - 1).outcome.state).toBe('waiting');
    expect(answered(code, attempts).outcome.state).toBe('refused');
  });

  it('is all of it, each code once', () => {
    const codes = cases.map(([code]) => code);
    expect(new Set(codes).size).toBe(codes.length);
    const known = Array.from({ length: 200_000 }, (_, code) => code).filter(isKnownCode);
    expect(known.filter((code) => !codes.includes(code) && (code < 200 || code > 299))).toEqual([]);
  });
});

describe('the answer to a POST', () => {
  it('with a code nobody knows is never retried, and surfaces', () => {
    expect(answered(777_777)).toMatchObject({
      outcome: { state: 'refused', reason: 'GRAPH.777777' },
      unknownCode: 777_777,
    });
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
