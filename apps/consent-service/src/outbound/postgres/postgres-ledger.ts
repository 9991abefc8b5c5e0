import type { EventBus } from '@parley/event-bus';
import type { Database, Inbox, Tx } from '@parley/postgres';
import { passing } from '@parley/resilience';
import { byTime, entryIdOf } from '../../domain/consent.js';
import { keyRaced } from '../../domain/errors.js';
import { Page, type Decision, type Known } from '../../domain/page.js';
import {
  Ledger,
  type Erased,
  type ErasedPerson,
  type LedgerEntry,
  type LedgerWrite,
  type Link,
  type NewEntry,
  type Written,
} from '../../ports/ledger.port.js';
import { toRecord } from './consent-record.js';
import { erasePersons } from './erase-persons.js';
import { fromRow, toColumns, type LedgerRow } from './rows.js';
import * as sql from './sql.js';

type OwnedRow = LedgerRow & { identity: string };

interface Outcome {
  entry: NewEntry;
  decision: Decision;
}

/** The ledger on tables that refuse update and delete. A ConsentChanged leaves in the transaction that wrote its entry. */
export class PostgresLedger extends Ledger {
  constructor(
    private readonly db: Database,
    private readonly inbox: Inbox,
    private readonly bus: EventBus,
  ) {
    super();
  }

  override async write(write: LedgerWrite): Promise<Written[]> {
    const written = await this.db.transaction(async (tx) => {
      const entries = await this.#fresh(tx, write);
      await passing('consent-service.items.marked');
      if (write.links?.length) await insertLinks(tx, write.links);
      const outcomes = entries.length > 0 ? await append(tx, entries) : [];
      await passing('consent-service.ledger.written');
      await write.commit?.(tx);
      const changed = outcomes.filter(({ decision }) => decision.changed);
      if (changed.length > 0) {
        await this.bus.append(
          tx,
          changed.map(({ entry, decision }) => toRecord(entry.draft, decision.entry)),
        );
      }
      await passing('consent-service.events.appended');
      return outcomes.map(({ decision }) => ({ ...decision, entryId: decision.entry.id }));
    });
    await passing('consent-service.ledger.committed');
    return written;
  }

  override erase(persons: readonly ErasedPerson[]): Promise<Erased[]> {
    return this.db.transaction(async (tx) => {
      const reach = await reachOf(tx, [...new Set(persons.flatMap(({ identities }) => identities))]);
      const whole = persons.map(({ identities, erasedAt }) => {
        return { identities: [...new Set(identities.flatMap((hash) => [hash, ...(reach.get(hash) ?? [])]))], erasedAt };
      });
      await tx.query(sql.LOCK_PERSONS, [[...new Set(whole.flatMap(({ identities }) => identities))]]);
      return erasePersons(tx, whole);
    });
  }

  override async entriesOf(identities: readonly string[]): Promise<LedgerEntry[]> {
    const rows = await this.db.query<LedgerRow>(sql.ENTRIES_OF_PERSON, [identities]);
    return rows.map(fromRow).sort(byTime);
  }

  /** Entries of items nobody has handled before. The marks commit with the entries. */
  async #fresh(tx: Tx, { entries, itemIds }: LedgerWrite): Promise<readonly NewEntry[]> {
    if (itemIds === undefined || itemIds.length === 0) return entries;
    const isNew = await this.inbox.markNew(tx, itemIds);
    return entries.filter(({ draft }) => isNew.has(draft.evidenceRef));
  }
}

async function insertLinks(tx: Tx, links: readonly Link[]): Promise<void> {
  const both = links.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]);
  await tx.query(sql.INSERT_LINKS, [both.map(([from]) => from), both.map(([, to]) => to)]);
}

async function append(tx: Tx, entries: readonly NewEntry[]): Promise<Outcome[]> {
  const shown = [...new Set(entries.flatMap(({ person }) => person.identities))];
  const reach = await reachOf(tx, shown);
  const everybody = [...new Set([...reach.values()].flatMap((identities) => [...identities]))];
  await tx.query(sql.LOCK_PERSONS, [everybody]);
  const ids = entries.map(({ draft }) => entryIdOf(draft.idempotencyKey, draft.purpose));
  const page = new Page(await knownEntries(tx, everybody, ids));
  const outcomes = entries.map((entry) => {
    const identities = new Set(entry.person.identities.flatMap((hash) => [hash, ...(reach.get(hash) ?? [])]));
    return { entry, decision: page.take({ draft: entry.draft, identities }) };
  });
  await insert(
    tx,
    outcomes.filter(({ decision }) => decision.created),
  );
  return outcomes;
}

async function insert(tx: Tx, outcomes: readonly Outcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  const rows = outcomes.map(({ entry, decision }) => ({ id: decision.entry.id, entry }));
  const inserted = await tx.query(sql.INSERT_ENTRIES, toColumns(rows));
  // The same key under two identities that were not known to be one person: the locks did not meet, the unique key did.
  if (inserted.length !== rows.length) throw keyRaced();
  const owners = rows.flatMap(({ id, entry }) =>
    [...new Set(entry.person.identities)].map((hash) => [hash, id] as const),
  );
  await tx.query(sql.INSERT_OWNERS, [owners.map(([hash]) => hash), owners.map(([, id]) => id)]);
}

async function reachOf(tx: Tx, identities: readonly string[]): Promise<Map<string, Set<string>>> {
  const rows = await tx.query<{ root: string; identity: string }>(sql.CLOSURE, [identities]);
  const reach = new Map<string, Set<string>>();
  for (const { root, identity } of rows) {
    const known = reach.get(root) ?? new Set();
    reach.set(root, known.add(identity));
  }
  return reach;
}

/** What the ledger says about these people, and what stands under these ids whoever it is about. */
async function knownEntries(tx: Tx, identities: readonly string[], ids: readonly string[]): Promise<Known[]> {
  const rows = [
    ...(await tx.query<OwnedRow>(sql.ENTRIES_OF, [identities])),
    ...(await tx.query<OwnedRow>(sql.ENTRIES_BY_ID, [ids])),
  ];
  const known = new Map<string, { entry: LedgerEntry; identities: Set<string> }>();
  for (const row of rows) {
    const entry = known.get(row.id) ?? { entry: fromRow(row), identities: new Set<string>() };
    entry.identities.add(row.identity);
    known.set(row.id, entry);
  }
  return [...known.values()];
}
