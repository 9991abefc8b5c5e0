import { createHash, createHmac, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { failedPrecondition, invalidArgument } from '@parley/errors';
import { seal, unseal } from './seal.js';

/** A key encrypted under the master key, and which master key that was. */
export interface WrappedKey {
  masterKeyId: string;
  wrapped: Buffer;
}

const KEY_BYTES = 32;
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/;
const HEX = /^[0-9a-f]{64}$/i;

/**
 * The key above all keys: 256 bits, from a file or the environment, never in the database. Used only through keys derived
 * from it (HKDF-SHA256), one per purpose.
 *
 * To rotate it, put the new key first: `new,old`. What is wrapped from then on uses the new one; `rotateMasterKey` wraps
 * the rest again. The last key is also the root of the look-up hashes, so it stays last for ever; keys in the middle may go
 * once nothing is wrapped by them.
 */
export class MasterKey {
  readonly #wrappers = new Map<string, Buffer>();
  readonly #hmacKeys = new Map<string, KeyObject>();
  readonly #root: Buffer;
  /** Name of the key that wraps now; says nothing about the key. */
  readonly id: string;

  private constructor(keys: readonly Buffer[]) {
    for (const key of keys) this.#wrappers.set(idOf(key), derive(key, 'wrap'));
    this.#root = keys.at(-1) ?? Buffer.alloc(0);
    this.id = idOf(keys[0] ?? this.#root);
  }

  /**
   * Reads 32 bytes in base64 or hex, or several such, comma-separated, the current one first.
   * @throws AppError INVALID_ARGUMENT `VAULT.BAD_MASTER_KEY`, without the text
   */
  static fromText(text: string): MasterKey {
    return new MasterKey(text.split(',').map(parse));
  }

  /** Reads a file with what `fromText` takes. */
  static async fromFile(path: string): Promise<MasterKey> {
    const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw invalidArgument('VAULT.BAD_MASTER_KEY', `The master key file cannot be read (${cause.code ?? 'unknown'}).`);
    });
    return MasterKey.fromText(text.trim());
  }

  /** A new random key as text, for the first start of a demonstration or for an operator. */
  static generate(): string {
    return randomBytes(KEY_BYTES).toString('base64');
  }

  /** Keyed hash (HMAC-SHA256). The same data under another purpose gives an unrelated hash. */
  hmac(purpose: string, data: string | Uint8Array): Buffer {
    let key = this.#hmacKeys.get(purpose);
    if (!key) this.#hmacKeys.set(purpose, (key = createSecretKey(derive(this.#root, `hmac.${purpose}`))));
    return createHmac('sha256', key).update(data).digest();
  }

  /** Encrypts a key; `context` (whose key it is) has to be the same when it is unwrapped. */
  wrap(key: Uint8Array, context: string): WrappedKey {
    return { masterKeyId: this.id, wrapped: seal(this.#wrapper(this.id), key, context) };
  }

  /** @throws AppError FAILED_PRECONDITION `VAULT.MASTER_KEY_MISSING` when it was wrapped by a key that is not listed */
  unwrap({ masterKeyId, wrapped }: WrappedKey, context: string): Buffer {
    return unseal(this.#wrapper(masterKeyId), wrapped, context);
  }

  #wrapper(id: string): Buffer {
    const wrapper = this.#wrappers.get(id);
    if (wrapper) return wrapper;
    const message = `A key was wrapped by the master key ${id}, which is not among those configured.`;
    throw failedPrecondition('VAULT.MASTER_KEY_MISSING', message, { masterKeyId: id });
  }
}

function parse(text: string): Buffer {
  const trimmed = text.trim();
  if (HEX.test(trimmed)) return Buffer.from(trimmed, 'hex');
  const bytes = BASE64.test(trimmed) ? Buffer.from(trimmed, 'base64') : Buffer.alloc(0);
  if (bytes.length === KEY_BYTES) return bytes;
  throw invalidArgument(
    'VAULT.BAD_MASTER_KEY',
    'The master key is not 32 bytes in base64 or hex ("openssl rand -base64 32").',
  );
}

function derive(key: Buffer, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `parley.${info}`, KEY_BYTES));
}

function idOf(key: Buffer): string {
  return createHash('sha256').update(derive(key, 'id')).digest('hex').slice(0, 16);
}
