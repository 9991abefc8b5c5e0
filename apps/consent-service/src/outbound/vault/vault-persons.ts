import type { PersonVault } from '@parley/postgres';
import { identitiesOf, type Contact } from '../../domain/contact.js';
import { nobody } from '../../domain/errors.js';
import { Persons, type SealedContact } from '../../ports/persons.port.js';

/** Hashes and keys of the person vault. */
export class VaultPersons extends Persons {
  constructor(private readonly vault: PersonVault) {
    super();
  }

  override hashes(contact: Contact): string[] {
    return identitiesOf(contact).map(({ kind, value }) => this.vault.lookupHash(kind, value));
  }

  override async seal(contacts: readonly Contact[]): Promise<SealedContact[]> {
    const identities = contacts.map((contact) => this.hashes(contact));
    const ciphers = await this.vault.open(identities);
    return contacts.map((contact, index) => {
      const cipher = ciphers[index];
      if (!cipher) throw nobody();
      const sealed = cipher.encrypt(JSON.stringify(contact));
      return { personId: cipher.personId, identities: identities[index] ?? [], sealed };
    });
  }
}
