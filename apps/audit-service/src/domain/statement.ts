import { canonicalJson, dayOf } from './chain.js';
import type { JsonObject } from './evidence.js';

/** What became of the rows of one table of a service. */
export interface ErasedTable {
  readonly table: string;
  readonly effect: string;
  readonly rows: bigint;
}

/** One erasure, as far as it is known when it begins. */
export interface Erasure {
  readonly id: string;
  /** The first of the keyed hashes the person was known by. */
  readonly pseudonym: string;
  readonly identities: readonly string[];
  readonly customerIds: readonly string[];
  readonly reason: string;
  readonly requestedBy: string;
  readonly erasedAt: Date;
}

/** What was done. */
export interface Done {
  readonly keysDestroyed: number;
  readonly services: ReadonlyMap<string, readonly ErasedTable[]>;
  /** Entries of the audit trail that cannot be read any more. */
  readonly entries: bigint;
}

const DAY_MS = 86_400_000;

/**
 * Days until what cannot be taken out of a place is gone from it. A key of a topic is destroyed when its day is eight days
 * past, counted from its end and with a day in reserve; dead letters likewise after thirty.
 */
const LATER: readonly { what: string; days: number; why: string }[] = [
  {
    what: 'event topics',
    days: 10,
    why: 'their keys of that day are destroyed and their records dropped after 8 days',
  },
  { what: 'dead letters', days: 32, why: 'their keys are destroyed and they are dropped after 30 days' },
  { what: 'dead letters of records given up after the erasure', days: 42, why: 'a record is given up within 8 days' },
  { what: 'backups of keys', days: 30, why: 'backups of the vault are kept 30 days at most' },
  { what: 'backups of the keys of topics', days: 40, why: 'the last backup of a key is kept 30 days' },
  { what: 'message ids (sends, marks of what was consumed)', days: 31, why: 'they are removed after 30 days' },
];

/** Why something is not removed. */
const KEPT: readonly { what: string; why: string }[] = [
  {
    what: 'consent ledger',
    why: 'proof of who (by pseudonym) agreed to what, when and how; an opt-out stays in force',
  },
  { what: 'orders, invoices, payments', why: 'the law wants them kept; they hold a customer id and no personal field' },
  { what: 'audit trail', why: 'ciphertext without its key, metadata by pseudonym; the hash chain holds' },
  { what: 'keyed hashes of this erasure', why: 'what was on its way then is recognised and not taken over' },
];

/** What was destroyed where, and what follows by when: the text that is signed. */
export function statementOf(erasure: Erasure, { keysDestroyed, services, entries }: Done): string {
  const { id, pseudonym, reason, requestedBy, erasedAt, customerIds } = erasure;
  const by = (days: number): string => dayOf(new Date(erasedAt.getTime() + days * DAY_MS));
  const tables = [...services].flatMap(([service, rows]) => {
    return rows.map(({ table, effect, rows: count }): JsonObject => ({ service, table, effect, rows: Number(count) }));
  });
  const unreadable: JsonObject = {
    service: 'audit-service',
    table: 'audit.entry',
    effect: 'unreadable',
    rows: Number(entries),
  };
  const person: JsonObject = { pseudonym, identities: erasure.identities.length, customers: customerIds.length };
  return canonicalJson({
    ...{ kind: 'parley erasure statement 1', id, erasedAt: erasedAt.toISOString(), requestedBy, reason, person },
    key: { destroyed: keysDestroyed, effect: 'whatever any table holds of the person under this key is unreadable' },
    tables: [...tables, unreadable],
    later: LATER.map(({ what, days, why }): JsonObject => ({ what, by: by(days), why })),
    kept: KEPT.map((each): JsonObject => ({ ...each })),
  });
}
