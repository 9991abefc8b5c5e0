import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

// Exactly what Meta sends: the scheme in lower case and 32 bytes in lower-case hex.
const SIGNATURE = /^sha256=[0-9a-f]{64}$/;

/** Whether there is one signature, written as Meta writes it: what can be said before the body is there. */
export function looksSigned(signatures: readonly string[]): boolean {
  return signatures.length === 1 && SIGNATURE.test(signatures[0] ?? '');
}

/**
 * Whether exactly one signature header came, and it is the HMAC-SHA256 of the raw bytes under one of the secrets (two while
 * a secret is being rotated). Takes the same time wherever a digest differs.
 */
export function isSigned(body: Uint8Array, signatures: readonly string[], secrets: readonly string[]): boolean {
  const [signature = ''] = signatures;
  if (!looksSigned(signatures)) return false;
  const given = Buffer.from(signature.slice(7), 'hex');
  let matched = false;
  // No early exit: how long it takes must not say which secret is in use.
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(body).digest();
    matched = timingSafeEqual(expected, given) || matched;
  }
  return matched;
}

/** Compares two secrets of any length in constant time. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
