import type { Tx } from '@parley/postgres';
import { passing } from '@parley/resilience';
import { draftsOf, type InboundItem } from '../domain/inbound.js';
import { linksOf } from '../domain/links.js';
import type { Ledger, Link, Written } from '../ports/ledger.port.js';
import type { Persons } from '../ports/persons.port.js';

/** Links that are known to be stored; writing one again changes nothing, so forgetting them costs a statement and no more. */
const REMEMBERED = 50_000;

/**
 * Reads what customers send for consent: STOP and START words, preferences set in WhatsApp, and which identities belong
 * together. One transaction per batch; an item without meaning for consent costs nothing but its place in the batch.
 */
export class TakeInbound {
  readonly #known = new Set<string>();

  constructor(
    private readonly ledger: Ledger,
    private readonly persons: Persons,
  ) {}

  async run(items: readonly InboundItem[], commit: (tx: Tx) => Promise<void>): Promise<Written[]> {
    const drafts = items.flatMap(draftsOf);
    const links = this.#newLinks(items);
    const people = drafts.length > 0 ? await this.persons.seal(drafts.map((draft) => draft.contact)) : [];
    const entries = drafts.flatMap((draft, index) => {
      const person = people[index];
      return person ? [{ draft, person }] : [];
    });
    const itemIds = [...new Set(drafts.map((draft) => draft.evidenceRef))];
    await passing('consent-service.items.read');
    const written = await this.ledger.write({ entries, links, itemIds, commit });
    this.#remember(links);
    return written;
  }

  #newLinks(items: readonly InboundItem[]): Link[] {
    const links = new Map<string, Link>();
    for (const { contact, alsoKnownAs } of items) {
      const identities = [contact, ...alsoKnownAs].flatMap((each) => this.persons.hashes(each));
      for (const link of linksOf(identities)) {
        const name = link.join();
        if (!this.#known.has(name)) links.set(name, link);
      }
    }
    return [...links.values()];
  }

  #remember(links: readonly Link[]): void {
    if (this.#known.size + links.length > REMEMBERED) this.#known.clear();
    for (const link of links) this.#known.add(link.join());
  }
}
