import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** A session as it is stored: never with its token, only with the token's hash. */
export interface Session {
  tokenHash: Buffer;
  accountId: string;
  startedAt: Date;
  lastSeenAt: Date;
}

/** How long sessions live, in milliseconds. */
export interface SessionLimits {
  /** Without any request. */
  idle: number;
  /** Whatever happens. */
  life: number;
}

/** A token is 256 random bits in base64url: 43 characters. */
const TOKEN = /^[\w-]{43}$/;

/** Being seen again within this time is not written down: one write a minute and session is enough. */
const TOUCH_MS = 60_000;

/** A fresh token, for the cookie and nowhere else. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored for a token; undefined for what cannot be one. */
export function hashOfToken(token: string): Buffer | undefined {
  return TOKEN.test(token) ? createHash('sha256').update(token).digest() : undefined;
}

/** Whether the session still counts. */
export function isAlive(session: Session, now: Date, limits: SessionLimits): boolean {
  const idle = now.getTime() - session.lastSeenAt.getTime();
  const age = now.getTime() - session.startedAt.getTime();
  return idle < limits.idle && age < limits.life;
}

/** Whether it is time to write down that the session was used. */
export function needsTouch(session: Session, now: Date): boolean {
  return now.getTime() - session.lastSeenAt.getTime() >= TOUCH_MS;
}

/**
 * The token that requests must carry in a header besides the cookie. It is derived from the session's own, so it needs no
 * storage, and no other site can know or choose it.
 */
export function csrfTokenOf(token: string): string {
  return createHmac('sha256', token).update('parley desk csrf').digest('base64url');
}

/** Compares in a time that says nothing about where the difference is. */
export function isCsrfToken(given: string, token: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(csrfTokenOf(token));
  return a.length === b.length && timingSafeEqual(a, b);
}
