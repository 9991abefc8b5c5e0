import type { Contact } from '../domain/contact.js';
import { nobody } from '../domain/errors.js';
import type { Ledger, LedgerEntry } from '../ports/ledger.port.js';
import type { Persons } from '../ports/persons.port.js';

/** Everything the ledger holds about a person, oldest first. */
export class ListEntries {
  constructor(
    private readonly ledger: Ledger,
    private readonly persons: Persons,
  ) {}

  run(contact: Contact): Promise<LedgerEntry[]> {
    const identities = this.persons.hashes(contact);
    if (identities.length === 0) throw nobody();
    return this.ledger.entriesOf(identities);
  }
}
