import { csrfTokenOf, hashOfToken, isAlive, isCsrfToken, needsTouch, newToken } from './session.js';

const LIMITS = { idle: 60_000, life: 600_000 };
const START = new Date('2026-11-23T09:00:00Z');
const later = (ms: number): Date => new Date(START.getTime() + ms);
const session = (lastSeenAt: Date) => ({ tokenHash: Buffer.alloc(32), accountId: 'a', startedAt: START, lastSeenAt });

describe('a session', () => {
  it('lives as long as it is used', () => {
    expect(isAlive(session(START), later(59_999), LIMITS)).toBe(true);
    expect(isAlive(session(START), later(60_000), LIMITS)).toBe(false);
    expect(isAlive(session(later(50_000)), later(100_000), LIMITS)).toBe(true);
  });

  it('ends at its limit however much it is used', () => {
    expect(isAlive(session(later(599_999)), later(599_999), LIMITS)).toBe(true);
    expect(isAlive(session(later(599_999)), later(600_000), LIMITS)).toBe(false);
  });

  it('is written down as seen once a minute at most', () => {
    expect(needsTouch(session(START), later(59_999))).toBe(false);
    expect(needsTouch(session(START), later(60_000))).toBe(true);
  });
});

describe('a session token', () => {
  it('is 256 bits nobody can guess, stored as a hash only', () => {
    const token = newToken();
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(newToken()).not.toBe(token);
    expect(hashOfToken(token)).toHaveLength(32);
    expect(hashOfToken(token)?.toString('base64url')).not.toBe(token);
  });

  it('cannot be anything else', () => {
    for (const text of ['', 'x', `${newToken()}a`, `${newToken().slice(1)}=`])
      expect(hashOfToken(text)).toBeUndefined();
  });
});

describe('a CSRF token', () => {
  it('belongs to one session', () => {
    const token = newToken();
    expect(isCsrfToken(csrfTokenOf(token), token)).toBe(true);
    for (const given of ['', token, csrfTokenOf(newToken())]) expect(isCsrfToken(given, token)).toBe(false);
  });
});
