import type { Contact } from '../domain/contact.js';

/** A contact as it may be stored. */
export interface SealedContact {
  /** Whose key it is under. */
  readonly personId: string;
  /** Keyed hashes to find the person by. */
  readonly identities: readonly string[];
  /** The contact itself, readable while the person's key exists. */
  readonly sealed: Buffer;
}

/** Turns people into what may lie in a table: keyed hashes and ciphertext. */
export abstract class Persons {
  /** The hashes of every identity a contact shows; empty when it shows none. No I/O. */
  abstract hashes(contact: Contact): string[];

  /** Encrypts each contact under its person's key, which is made when there is none; in the order given. @throws AppError UNAVAILABLE when the keys cannot be reached */
  abstract seal(contacts: readonly Contact[]): Promise<SealedContact[]>;
}
