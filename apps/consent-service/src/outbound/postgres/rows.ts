import type { Scope, Source } from '../../domain/consent.js';
import type { LedgerEntry, NewEntry } from '../../ports/ledger.port.js';

/** A row of the ledger, as the statements name its columns. */
export interface LedgerRow {
  id: string;
  purpose: Scope;
  granted: boolean;
  said_at: Date;
  recorded_at: Date;
  source: Source;
  evidence_ref: string;
}

export function fromRow(row: LedgerRow): LedgerEntry {
  const { id, purpose, granted, source } = row;
  return { id, purpose, granted, source, at: row.said_at, recordedAt: row.recorded_at, evidenceRef: row.evidence_ref };
}

/** The columns of `INSERT_ENTRIES`, one array each. */
export function toColumns(entries: readonly { id: string; entry: NewEntry }[]): unknown[] {
  return [
    entries.map(({ id }) => id),
    entries.map(({ entry }) => entry.draft.idempotencyKey),
    entries.map(({ entry }) => entry.person.personId),
    entries.map(({ entry }) => entry.draft.contact.phoneNumberId),
    entries.map(({ entry }) => entry.person.sealed),
    entries.map(({ entry }) => entry.draft.purpose),
    entries.map(({ entry }) => entry.draft.granted),
    entries.map(({ entry }) => entry.draft.at),
    entries.map(({ entry }) => entry.draft.source),
    entries.map(({ entry }) => entry.draft.evidenceRef),
  ];
}
