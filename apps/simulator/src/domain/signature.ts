import { createHmac } from 'node:crypto';

/**
 * JSON as Meta writes it: every UTF-16 unit outside ASCII as a lowercase `\uXXXX`, and `/` as `\/`. The signature is
 * over these bytes, which is why a receiver that parses and prints again computes another one.
 */
export function encodeBody(value: unknown): Buffer {
  const json = JSON.stringify(value);
  // Matches each single UTF-16 unit outside printable ASCII (no `u` flag: surrogates are written one by one), and the slash.
  const escaped = json.replace(/[\u007f-\uffff/]/g, (unit) =>
    unit === '/' ? '\\/' : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return Buffer.from(escaped, 'ascii');
}

/** The value of `X-Hub-Signature-256` for a body. */
export function signBody(body: Uint8Array, appSecret: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
}
