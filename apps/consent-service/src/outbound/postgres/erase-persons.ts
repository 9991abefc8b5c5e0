import { createHash } from 'node:crypto';
import type { Tx } from '@parley/postgres';
import { anyGranted, entryIdOf, hiddenReference } from '../../domain/consent.js';
import type { Erased, ErasedPerson, LedgerEntry } from '../../ports/ledger.port.js';
import { fromRow, type LedgerRow } from './rows.js';
import * as sql from './sql.js';

type OwnedRow = LedgerRow & { identity: string };

interface Withdrawal {
  readonly id: string;
  readonly key: string;
  readonly identities: readonly string[];
  readonly at: Date;
}

/** Hides the references of erased persons and withdraws what they had granted; the persons are locked already. */
export async function erasePersons(tx: Tx, persons: readonly ErasedPerson[]): Promise<Erased[]> {
  const rows = await tx.query<OwnedRow>(sql.ENTRIES_OF, [
    [...new Set(persons.flatMap(({ identities }) => identities))],
  ]);
  const theirs = persons.map(({ identities }) => {
    const own = new Set(identities);
    return new Map(rows.filter((row) => own.has(row.identity)).map((row) => [row.id, fromRow(row)]));
  });
  const withdrawals = persons.map((person, n) => withdrawalOf(person, [...(theirs[n]?.values() ?? [])]));
  await insert(
    tx,
    withdrawals.filter((each) => each !== undefined),
  );
  const hidden = await hide(tx, [...new Set(theirs.flatMap((entries) => [...entries.keys()]))]);
  return persons.map((_person, n) => ({
    hidden: BigInt([...(theirs[n]?.keys() ?? [])].filter((id) => hidden.has(id)).length),
    withdrawn: withdrawals[n] !== undefined,
  }));
}

function withdrawalOf({ identities, erasedAt }: ErasedPerson, entries: readonly LedgerEntry[]): Withdrawal | undefined {
  if (!anyGranted(entries)) return undefined;
  const who = createHash('sha256')
    .update([...identities].sort().join())
    .digest('hex')
    .slice(0, 32);
  const key = `erasure:${erasedAt.toISOString()}:${who}`;
  return { id: entryIdOf(key, 'all'), key, identities, at: erasedAt };
}

async function insert(tx: Tx, withdrawals: readonly Withdrawal[]): Promise<void> {
  if (withdrawals.length === 0) return;
  const column = <T>(value: (each: Withdrawal) => T): T[] => withdrawals.map(value);
  await tx.query(sql.INSERT_ENTRIES, [
    ...[
      column(({ id }) => id),
      column(({ key }) => key),
      column(() => ''),
      column(() => ''),
      column(() => Buffer.alloc(0)),
    ],
    ...[
      column(() => 'all'),
      column(() => false),
      column(({ at }) => at),
      column(() => 'erasure'),
      column(({ key }) => key),
    ],
  ]);
  const owners = withdrawals.flatMap(({ id, identities }) =>
    [...new Set(identities)].map((hash) => [hash, id] as const),
  );
  await tx.query(sql.INSERT_OWNERS, [owners.map(([hash]) => hash), owners.map(([, id]) => id)]);
}

async function hide(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string; evidence_ref: string; idempotency_key: string }>(sql.TO_HIDE, [ids]);
  await tx.query(sql.HIDE, [
    rows.map(({ id }) => id),
    rows.map((row) => hiddenReference(row.evidence_ref)),
    rows.map((row) => hiddenReference(row.idempotency_key)),
  ]);
  return new Set(rows.map(({ id }) => id));
}
