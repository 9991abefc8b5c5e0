import { passing } from '@parley/resilience';
import { PURPOSES, verdictOn, type Purpose, type Verdict } from '../domain/consent.js';
import type { Contact } from '../domain/contact.js';
import { nobody, unknownPurpose } from '../domain/errors.js';
import type { Ledger } from '../ports/ledger.port.js';
import type { Persons } from '../ports/persons.port.js';

function purposeOf(text: string): Purpose {
  const purpose = PURPOSES.find((known) => known === text);
  if (!purpose) throw unknownPurpose();
  return purpose;
}

/** Answers "may we send this kind of message to this person now?" from the entries themselves; nothing is cached. */
export class CheckConsent {
  constructor(
    private readonly ledger: Ledger,
    private readonly persons: Persons,
  ) {}

  async run(contact: Contact, purposeText: string): Promise<Verdict> {
    const purpose = purposeOf(purposeText);
    const identities = this.persons.hashes(contact);
    if (identities.length === 0) throw nobody();
    await passing('consent-service.check.asked');
    return verdictOn(purpose, await this.ledger.entriesOf(identities));
  }
}
