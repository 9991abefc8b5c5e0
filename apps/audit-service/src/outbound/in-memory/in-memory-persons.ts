import { createHash } from 'node:crypto';
import { identitiesOf, type Identity } from '../../domain/customer.js';
import type { Person } from '../../domain/evidence.js';
import { Persons } from '../../ports/persons.port.js';

/** Readable pseudonyms and texts that are only marked with whose they are: for tests. */
export class InMemoryPersons extends Persons {
  readonly #erased = new Set<string>();

  override pseudonym({ kind, value }: Identity): string {
    return `${kind}=${value}`;
  }

  override tag(kind: 'customer' | 'order' | 'session' | 'request', text: string): bigint {
    return createHash('sha256').update(`${kind} ${text}`).digest().readBigInt64BE(0);
  }

  override async seal(texts: readonly { person?: Person; text: string }[]): Promise<Buffer[]> {
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
