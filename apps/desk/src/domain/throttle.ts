import { createHash } from 'node:crypto';

/** How many sign-ins may be tried within a window, for each thing that is counted. */
export interface Limit {
  key: string;
  most: number;
}

/** Attempts older than this no longer count. */
export const THROTTLE_WINDOW_MS = 15 * 60_000;

/**
 * One person at one desk rarely mistypes six times. The limits for a whole account and a whole address are wider, so that
 * nobody is locked out by a stranger's guesses, or by colleagues behind the same address, quickly.
 */
const MOST = { accountFromAddress: 6, account: 40, address: 100 };

/** What one attempt counts against. Keys are hashes: the table holds neither addresses nor e-mail addresses. */
export function limitsOf(email: string, address: string): Limit[] {
  return [
    { key: keyOf('both', email, address), most: MOST.accountFromAddress },
    { key: keyOf('account', email), most: MOST.account },
    { key: keyOf('address', address), most: MOST.address },
  ];
}

function keyOf(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
