import { estimateAt } from './rolling-estimate.js';

const maya = { zone: 'America/New_York', hour: 16, days: 0 };
const seen = (now: string, rolling = maya): string => estimateAt(rolling, new Date(now)).toISOString();

describe('rolling estimate', () => {
  it('is 4 PM today in the zone, whatever day it is', () => {
    expect(seen('2026-11-22T10:00:00-05:00')).toBe('2026-11-22T21:00:00.000Z');
    expect(seen('2026-07-01T00:00:00-04:00')).toBe('2026-07-01T20:00:00.000Z');
    expect(seen('2026-11-22T15:00:00-05:00')).toBe('2026-11-22T21:00:00.000Z');
  });

  it('is tomorrow once it is past 3 PM there', () => {
    expect(seen('2026-11-22T15:00:01-05:00')).toBe('2026-11-23T21:00:00.000Z');
    expect(seen('2026-12-31T23:30:00-05:00')).toBe('2027-01-01T21:00:00.000Z');
  });

  it('follows the zone and not UTC around midnight', () => {
    expect(seen('2026-11-23T02:00:00Z')).toBe('2026-11-23T21:00:00.000Z');
  });

  it('is right on the days the clocks change', () => {
    expect(seen('2026-03-07T20:00:00-05:00')).toBe('2026-03-08T20:00:00.000Z');
    expect(seen('2026-03-08T01:30:00-05:00')).toBe('2026-03-08T20:00:00.000Z');
    expect(seen('2026-11-01T00:30:00-04:00')).toBe('2026-11-01T21:00:00.000Z');
  });

  it('counts days ahead', () => {
    expect(seen('2026-11-22T10:00:00Z', { zone: 'Europe/Paris', hour: 18, days: 2 })).toBe('2026-11-24T17:00:00.000Z');
  });
});
