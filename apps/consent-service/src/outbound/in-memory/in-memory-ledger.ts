import type { Tx } from '@parley/postgres';
import { anyGranted, byTime, entryIdOf, hiddenReference, type Entry } from '../../domain/consent.js';
import { meet } from '../../domain/links.js';
import { Page, type Known } from '../../domain/page.js';
import {
  Ledger,
  type Erased,
  type ErasedPerson,
  type LedgerEntry,
  type LedgerWrite,
  type Link,
  type Written,
} from '../../ports/ledger.port.js';

interface Stored extends Known {
  entry: LedgerEntry;
}

const NO_TRANSACTION: Tx = {
  query: () => Promise.resolve([]),
  later: () => Promise.resolve(),
  afterCommit: (tell) => tell(),
};

/** The ledger as lists; a write that fails half-way leaves them as they were. */
export class InMemoryLedger extends Ledger {
  /** Entries that changed what may be sent, in the order they were announced. */
  readonly announced: Entry[] = [];
  #stored: Stored[] = [];
  #links: Link[] = [];
  readonly #marks = new Set<string>();

  constructor(private readonly now: () => Date = () => new Date()) {
    super();
  }

  override async write({ entries, links = [], itemIds = [], commit }: LedgerWrite): Promise<Written[]> {
    const before = { links: this.#links, stored: this.#stored };
    this.#links = [...this.#links, ...links];
    const page = new Page(this.#stored);
    const fresh = entries.filter(
      ({ draft }) => !itemIds.includes(draft.evidenceRef) || !this.#marks.has(draft.evidenceRef),
    );
    const outcomes = fresh.map(({ draft, person }) => {
      const decision = page.take({ draft, identities: this.#reach(person.identities) });
      const entry = { ...decision.entry, recordedAt: this.now() };
      if (decision.created) this.#stored = [...this.#stored, { entry, identities: new Set(person.identities) }];
      return decision;
    });
    try {
      await commit?.(NO_TRANSACTION);
    } catch (thrown) {
      this.#links = before.links;
      this.#stored = before.stored;
      throw thrown;
    }
    for (const id of itemIds) this.#marks.add(id);
    this.announced.push(...outcomes.filter(({ changed }) => changed).map(({ entry }) => entry));
    return outcomes.map((decision) => ({ ...decision, entryId: decision.entry.id }));
  }

  override async erase(persons: readonly ErasedPerson[]): Promise<Erased[]> {
    return persons.map(({ identities, erasedAt }) => {
      const person = this.#reach(identities);
      const theirs = this.#stored.filter((each) => meet(each.identities, person));
      const withdrawn = anyGranted(theirs.map(({ entry }) => entry));
      const visible = theirs.filter(
        ({ entry }) => entry.source !== 'erasure' && !entry.evidenceRef.startsWith('erased:'),
      );
      for (const each of visible) each.entry = { ...each.entry, evidenceRef: hiddenReference(each.entry.evidenceRef) };
      if (withdrawn) {
        const said = { purpose: 'all', granted: false, at: erasedAt, source: 'erasure' } as const;
        const id = entryIdOf(`erasure ${erasedAt.toISOString()} ${[...person].join()}`, 'all');
        const entry = { ...said, id, evidenceRef: `erasure:${id}`, recordedAt: this.now() };
        this.#stored = [...this.#stored, { entry, identities: person }];
      }
      return { hidden: BigInt(visible.length), withdrawn };
    });
  }

  override entriesOf(identities: readonly string[]): Promise<LedgerEntry[]> {
    const person = this.#reach(identities);
    const theirs = this.#stored.filter((each) => meet(each.identities, person));
    return Promise.resolve(theirs.map(({ entry }) => entry).sort(byTime));
  }

  #reach(identities: readonly string[]): Set<string> {
    const reached = new Set(identities);
    for (let size = 0; size !== reached.size;) {
      size = reached.size;
      for (const [a, b] of this.#links) {
        if (reached.has(a)) reached.add(b);
        else if (reached.has(b)) reached.add(a);
      }
    }
    return reached;
  }
}
