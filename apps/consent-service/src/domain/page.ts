import { changes, entryIdOf, type Entry } from './consent.js';
import type { Draft } from './inbound.js';
import { meet } from './links.js';

/** An entry that exists, and whom it is about. */
export interface Known {
  readonly entry: Entry;
  readonly identities: ReadonlySet<string>;
}

/** An entry that is asked for, and everybody the ledger knows as that person. */
export interface Asked {
  readonly draft: Draft;
  readonly identities: ReadonlySet<string>;
}

/** What is to become of it. */
export interface Decision {
  readonly entry: Entry;
  readonly created: boolean;
  readonly changed: boolean;
  readonly conflicting: boolean;
}

/** The part of the ledger that a batch is about. Takes entries one after the other, as if each came alone. */
export class Page {
  readonly #byId = new Map<string, Known>();

  constructor(known: Iterable<Known>) {
    for (const each of known) this.#byId.set(each.entry.id, each);
  }

  /** Decides on one entry and, when it is new, counts it in for those that follow. */
  take({ draft, identities }: Asked): Decision {
    const { purpose, granted, at, source, evidenceRef } = draft;
    const entry: Entry = { id: entryIdOf(draft.idempotencyKey, purpose), purpose, granted, at, source, evidenceRef };
    const there = this.#byId.get(entry.id);
    if (there) {
      const conflicting = there.entry.granted !== granted || !meet(there.identities, identities);
      return { entry: there.entry, created: false, changed: false, conflicting };
    }
    const before = [...this.#byId.values()].filter((known) => meet(known.identities, identities));
    const changed = changes(
      before.map((known) => known.entry),
      entry,
    );
    this.#byId.set(entry.id, { entry, identities });
    return { entry, created: true, changed, conflicting: false };
  }
}
