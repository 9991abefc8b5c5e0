import { createHash } from 'node:crypto';
import { identitiesOf, type Identity } from '../../domain/customer.js';
import type { Person } from '../../domain/evidence.js';
import { writtenForms, type Subject } from '../../domain/subject.js';
import { Persons } from '../../ports/persons.port.js';

/** Readable pseudonyms and texts that are only marked with whose they are: for tests. */
export class InMemoryPersons extends Persons {
  readonly #erased = new Set<string>();
  readonly #known = new Set<string>();

  override pseudonym({ kind, value }: Identity): string {
    return `${kind}=${value}`;
  }

  override tag(kind: 'customer' | 'order' | 'session' | 'request', text: string): bigint {
    return createHash('sha256').update(`${kind} ${text}`).digest().readBigInt64BE(0);
  }

  override hashesOf(subjects: readonly Subject[]): string[] {
    return subjects.flatMap(({ kind, value }) => {
      return kind === 'phone' ? writtenForms(value).map((form) => `wa_id=${form}`) : [`${kind}=${value}`];
    });
  }

  override async identities(hashes: readonly string[]): Promise<Map<string, string[]>> {
    return new Map(hashes.filter((hash) => this.#known.has(hash)).map((hash) => [hash, [hash]]));
  }

  override async destroyKeys(hashes: readonly string[]): Promise<Map<string, number>> {
    const known = hashes.filter((hash) => this.#known.delete(hash));
    for (const hash of known) this.#erased.add(hash);
    return new Map(known.map((hash) => [hash, 1]));
  }

  override async seal(texts: readonly { person?: Person; text: string }[]): Promise<Buffer[]> {
    for (const { person } of texts) {
      for (const identity of person ? identitiesOf(person) : []) this.#known.add(this.pseudonym(identity));
    }
    return texts.map(({ text }) => Buffer.from(text));
  }

  override async open(sealed: readonly { customer: string; data: Buffer }[]): Promise<(string | undefined)[]> {
    return sealed.map(({ customer, data }) => (this.#erased.has(customer) ? undefined : data.toString()));
  }

  /** Forgets a person's key. */
  erase(person: Person): void {
    for (const identity of identitiesOf(person)) this.#erased.add(this.pseudonym(identity));
  }
}
