import type { Subject } from '../domain/subject.js';
import type { Person } from '../domain/evidence.js';
import type { Identity } from '../domain/customer.js';

/** Pseudonyms, keyed hashes and keys of persons. */
export abstract class Persons {
  /** The pseudonym of an identity: the same for ever, and nothing can be read from it. No I/O. */
  abstract pseudonym(identity: Identity): string;

  /** Keyed hash to search by, of a kind of thing and its text. No I/O. */
  abstract tag(kind: 'customer' | 'order' | 'session' | 'request', text: string): bigint;

  /** The keyed hashes these may be known by; the first is the pseudonym the trail has. No I/O. */
  abstract hashesOf(subjects: readonly Subject[]): string[];

  /** Every identity of the persons these hashes lead to, by hash; hashes that lead to nobody are left out. */
  abstract identities(hashes: readonly string[]): Promise<Map<string, string[]>>;

  /** Destroys the keys of all these persons; how many keys, by the hash that led to them. */
  abstract destroyKeys(hashes: readonly string[]): Promise<Map<string, number>>;

  /**
   * Encrypts each text under its person's key, which is made when there is none; texts of nobody go under a key that
   * belongs to nobody. In the order given.
   */
  abstract seal(texts: readonly { person?: Person; text: string }[]): Promise<Buffer[]>;

  /** Decrypts what was sealed for these pseudonyms (empty for nobody); undefined where the key is gone. Makes no keys. */
  abstract open(sealed: readonly { customer: string; data: Buffer }[]): Promise<(string | undefined)[]>;
}
