import { createCipheriv, createDecipheriv, createSecretKey, randomFillSync, type KeyObject } from 'node:crypto';
import { AppError } from '@parley/errors';

/** First byte of everything sealed; another algorithm gets another number. 1: AES-256-GCM, 12-byte nonce, 16-byte tag. */
const VERSION = 1;
const NONCE = 12;
const TAG = 16;
const HEAD = 1 + NONCE;

// Keys go to node:crypto as key objects: of anything else it finds out by throwing and catching errors what it is, which took
// three times as long as the encryption itself (Node 24). An object is kept as long as the bytes it is made of.
const keyObjects = new WeakMap<Uint8Array, KeyObject>();

function keyObject(key: Uint8Array): KeyObject {
  let known = keyObjects.get(key);
  if (!known) keyObjects.set(key, (known = createSecretKey(key)));
  return known;
}

// Random bytes for some hundred nonces at a time: asking the system for twelve took longer than encrypting. Each is used once.
const pool = Buffer.alloc(NONCE * 512);
let used = pool.length;

function nextNonce(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += NONCE;
  return pool.subarray(used - NONCE, used);
}

const NOTHING = new Uint8Array();

/**
 * Encrypts under a 256-bit key and a fresh random nonce. `context` is not stored; without the same one nothing opens. `head` is
 * put in front as it is.
 */
export function seal(key: Uint8Array, plain: Uint8Array, context: string, head: Uint8Array = NOTHING): Buffer {
  const nonce = nextNonce();
  const cipher = createCipheriv('aes-256-gcm', keyObject(key), nonce, { authTagLength: TAG });
  cipher.setAAD(Buffer.from(context));
  const from = head.length + HEAD;
  const sealed = Buffer.allocUnsafe(from + plain.length + TAG);
  sealed.set(head);
  sealed[head.length] = VERSION;
  sealed.set(nonce, head.length + 1);
  sealed.set(cipher.update(plain), from);
  // GCM is a stream: nothing is left to the end.
  cipher.final();
  sealed.set(cipher.getAuthTag(), from + plain.length);
  return sealed;
}

/**
 * The opposite of `seal`.
 * @throws AppError DATA_LOSS `VAULT.DATA_CORRUPT` when key, context or a single bit differ
 */
export function unseal(key: Uint8Array, sealed: Uint8Array, context: string): Buffer {
  if (sealed.length < HEAD + TAG || sealed[0] !== VERSION) throw corrupt();
  const nonce = sealed.subarray(1, HEAD);
  const decipher = createDecipheriv('aes-256-gcm', keyObject(key), nonce, { authTagLength: TAG });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEAD, sealed.length - TAG)), decipher.final()]);
  } catch (cause) {
    throw corrupt(cause);
  }
}

function corrupt(cause?: unknown): AppError {
  const message = 'Encrypted data was changed, or belongs to another key.';
  return new AppError({ code: 'DATA_LOSS', reason: 'VAULT.DATA_CORRUPT', message, cause });
}
