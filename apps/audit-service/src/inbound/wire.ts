import type { audit } from '@parley/contracts';
import type { Erased } from '../usecases/erase-persons.js';
import type { ProvenEntry } from '../usecases/export-entries.js';
import type { OpenedEntry } from '../usecases/query-entries.js';

/** An entry as `Query` shows it. */
export function toEntry({ entry, requestIds, content }: OpenedEntry): audit.AuditEntry {
  const { chain, sequence, occurredAt, recordedAt, topic, action, customer, order, session, metadata, hash } = entry;
  const place = { chain, sequence, occurredAt, recordedAt, hash: hash.toString('hex') };
  return { ...place, topic, action, customer, order, session, requestIds: [...requestIds], metadata, content };
}

/** An entry with everything its hash is over, and its way to a signed root. */
export function toExported(proven: ProvenEntry): audit.ExportedEntry {
  const { eventId, tags, sealed, prevHash } = proven.entry;
  const { headSequence, path } = proven;
  return { entry: toEntry(proven), eventId, tags: [...tags], sealed, prevHash, headSequence, path: [...path] };
}

/** What became of a person, and the statement about it if there is one. */
export function toErased({ outcome, statement }: Erased, publicKey: string): audit.ErasedPerson {
  if (!statement) return { outcome, statement: '', keyId: '', signature: Buffer.alloc(0), publicKey: '' };
  const { text, keyId, signature } = statement;
  return { outcome, statement: text, keyId, signature, publicKey };
}
