import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { badSigningKey } from '../../domain/errors.js';
import type { Seal } from '../../domain/signed.js';
import { Signer } from '../../ports/signer.port.js';

const BLOCK = /-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----/g;
/** DER of an Ed25519 private key up to its 32 bytes (RFC 8410): every such key begins with it. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Ed25519 of node:crypto. Several keys as PEM, one after the other: the first private one signs, all of them are trusted. */
export class Ed25519Signer extends Signer {
  override readonly publicKey: string;
  override readonly keyId: string;
  readonly #private: KeyObject;
  readonly #trusted = new Map<string, KeyObject>();

  /** @throws AppError `AUDIT.BAD_SIGNING_KEY`, without the text */
  static fromPem(pem: string): Ed25519Signer {
    const blocks = [...pem.matchAll(BLOCK)].map(([block, kind]) => ({ block, secret: kind?.includes('PRIVATE') }));
    try {
      const signing = blocks.find(({ secret }) => secret);
      if (!signing) throw new Error('no private key');
      const others = blocks.filter((each) => each !== signing).map(({ block }) => createPublicKey(block));
      return new Ed25519Signer(createPrivateKey(signing.block), others);
    } catch (cause) {
      throw badSigningKey(cause);
    }
  }

  /** The key that 32 bytes stand for: the same bytes, the same key. */
  static fromSeed(seed: Buffer): Ed25519Signer {
    const der = Buffer.concat([PKCS8_HEAD, seed]);
    return new Ed25519Signer(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }), []);
  }

  private constructor(key: KeyObject, others: readonly KeyObject[]) {
    super();
    const own = createPublicKey(key);
    if ([own, ...others].some(({ asymmetricKeyType }) => asymmetricKeyType !== 'ed25519')) throw badSigningKey();
    this.#private = key;
    this.publicKey = own.export({ type: 'spki', format: 'pem' }).toString();
    this.keyId = keyIdOf(own);
    for (const each of [own, ...others]) this.#trusted.set(keyIdOf(each), each);
  }

  override sign(text: string): Seal {
    return { keyId: this.keyId, signature: sign(null, Buffer.from(text), this.#private) };
  }

  override verifies(text: string, { keyId, signature }: Seal): boolean {
    const key = this.#trusted.get(keyId);
    return key !== undefined && verify(null, Buffer.from(text), key, signature);
  }
}

/** The first 16 hex digits of SHA-256 over the public key's DER. */
function keyIdOf(key: KeyObject): string {
  const der = key.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex').slice(0, 16);
}
