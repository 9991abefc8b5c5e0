import { AppError, notFound } from '@parley/errors';
import { seal, unseal } from './seal.js';

/** Encrypts and decrypts for one person. Meant for the batch it was opened for: it keeps working after an erasure. */
export interface PersonCipher {
  /** The person's id; after a merge that of the older one. */
  readonly personId: string;
  /** Seals a text under the person's key; the result says whose it is and is bound to it. */
  encrypt(text: string): Buffer;
  /**
   * @throws AppError NOT_FOUND `VAULT.KEY_ERASED` when the key is gone, or was never this person's;
   * DATA_LOSS `VAULT.DATA_CORRUPT` when the data was changed
   */
  decrypt(data: Uint8Array): string;
}

/** Ciphertext: version, the 16 bytes of the id of the person whose key it is, then what `seal` makes. */
const VERSION = 1;
const ID_BYTES = 16;

/** The keys of a person and of those merged into it: new data uses its own, old data says which one it needs. */
export class RingCipher implements PersonCipher {
  readonly #ring = new Map<string, Buffer>();

  readonly #head: Buffer;

  constructor(readonly personId: string) {
    this.#head = Buffer.concat([Buffer.of(VERSION), Buffer.from(personId.replaceAll('-', ''), 'hex')]);
  }

  has(personId: string): boolean {
    return this.#ring.has(personId);
  }

  add(personId: string, key: Buffer): void {
    this.#ring.set(personId, key);
  }

  encrypt(text: string): Buffer {
    return seal(this.#key(this.personId), Buffer.from(text), this.personId, this.#head);
  }

  decrypt(data: Uint8Array): string {
    if (data[0] !== VERSION || data.length <= 1 + ID_BYTES) throw corrupt();
    const hex = Buffer.from(data.subarray(1, 1 + ID_BYTES)).toString('hex');
    const owner = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    return unseal(this.#key(owner), data.subarray(1 + ID_BYTES), owner).toString();
  }

  #key(personId: string): Buffer {
    const key = this.#ring.get(personId);
    if (key) return key;
    throw notFound('VAULT.KEY_ERASED', 'The key of this data is gone, or is not that of this person.');
  }
}

/** What a person's key is bound to when it is wrapped. */
export function personContext(personId: string): string {
  return `person:${personId}`;
}

function corrupt(): AppError {
  return new AppError({
    code: 'DATA_LOSS',
    reason: 'VAULT.DATA_CORRUPT',
    message: 'This is not encrypted data of a person.',
  });
}
