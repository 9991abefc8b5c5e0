import type { Database, Tx } from '@parley/postgres';
import { overrules, type ConsentChange, type ConsentWord } from '../../domain/consent.js';
import type { Contact } from '../../domain/customer.js';
import type { Persons } from './persons.js';

const WRITE = `insert into consent_flags as f (hash, purpose, granted, at, evidence_ref)
  select hash, purpose, granted, at, evidence_ref
  from jsonb_to_recordset($1::jsonb) as r(hash text, purpose text, granted boolean, at timestamptz, evidence_ref text)
  order by hash, purpose
  on conflict (hash, purpose) do update
    set granted = excluded.granted, at = excluded.at, evidence_ref = excluded.evidence_ref
    where excluded.at > f.at or (excluded.at = f.at and f.granted and not excluded.granted)
  returning f.hash`;

const AFFECTED = 'select count(distinct customer_id)::integer as n from customer_keys where hash = any($1::text[])';

// Of several identities the word that counts over the others.
const READ = `select granted, at, evidence_ref as "evidenceRef" from consent_flags
  where hash = any($1::text[]) and purpose = $2 order by at desc, granted limit 1`;

/** What was said last with a contact about a purpose. */
export async function readFlag(
  db: Database,
  persons: Persons,
  contact: Contact,
  purpose: string,
): Promise<ConsentWord | undefined> {
  const hashes = Object.values(persons.hashes(contact)).filter((one) => one !== null);
  const [row] = await db.query<ConsentWord>(READ, [hashes, purpose]);
  return row;
}

/** Sets flags in one statement, the latest word per contact and purpose; returns how many customers have a new one. */
export async function writeFlags(tx: Tx, persons: Persons, changes: readonly ConsentChange[]): Promise<number> {
  const latest = new Map<string, { hash: string; change: ConsentChange }>();
  for (const change of changes) {
    const { phoneHash, userHash } = persons.hashes(change.contact);
    for (const hash of [phoneHash, userHash].filter((one) => one !== null)) {
      const key = `${hash} ${change.purpose}`;
      if (overrules(change, latest.get(key)?.change)) latest.set(key, { hash, change });
    }
  }
  if (latest.size === 0) return 0;
  const rows = [...latest.values()].map(({ hash, change: { purpose, granted, at, evidenceRef } }) => {
    return { hash, purpose, granted, at, evidence_ref: evidenceRef };
  });
  const written = await tx.query<{ hash: string }>(WRITE, [JSON.stringify(rows)]);
  const [row] = await tx.query<{ n: number }>(AFFECTED, [written.map(({ hash }) => hash)]);
  return row?.n ?? 0;
}
