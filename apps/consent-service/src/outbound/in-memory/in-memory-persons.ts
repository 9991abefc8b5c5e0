import { identitiesOf, type Contact } from '../../domain/contact.js';
import { Persons, type SealedContact } from '../../ports/persons.port.js';

/** Readable hashes and nothing encrypted: for tests. */
export class InMemoryPersons extends Persons {
  override hashes(contact: Contact): string[] {
    return identitiesOf(contact).map(({ kind, value }) => `${kind}=${value}`);
  }

  override seal(contacts: readonly Contact[]): Promise<SealedContact[]> {
    const sealed = contacts.map((contact) => {
      const identities = this.hashes(contact);
      return { personId: identities.join(), identities, sealed: Buffer.from(JSON.stringify(contact)) };
    });
    return Promise.resolve(sealed);
  }
}
