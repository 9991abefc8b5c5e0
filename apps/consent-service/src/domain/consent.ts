import { createHash } from 'node:crypto';

/** What a message may be sent for. */
export const PURPOSES = ['marketing', 'utility'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** What an entry can be about: one purpose, or both. */
export type Scope = Purpose | 'all';

/** Where an entry can come from. */
export const SOURCES = ['stop-word', 'start-word', 'flow', 'user-preferences', 'agent', 'import'] as const;
/** An erasure writes entries too, but nobody can ask for one by that name. */
export type Source = (typeof SOURCES)[number] | 'erasure';

/** One entry of the ledger; never changed, never removed. */
export interface Entry {
  readonly id: string;
  readonly purpose: Scope;
  readonly granted: boolean;
  /** When the person said so, by the message's own timestamp. */
  readonly at: Date;
  readonly source: Source;
  readonly evidenceRef: string;
}

/** What the ledger says about one purpose, and the entry that decided. */
export interface Verdict {
  readonly allowed: boolean;
  readonly reason: 'granted' | 'withdrawn' | 'no-entry';
  readonly entryId: string;
}

/**
 * Marketing needs a yes. Utility (the order somebody placed, the appointment they made) is expected by the customer, so
 * there silence is enough and only a no stops it.
 */
const ALLOWED_WITHOUT_ENTRY: Record<Purpose, boolean> = { marketing: false, utility: true };

// Meta's clock ticks in seconds, so two answers within one second have no order; the cautious one then wins.
const secondOf = (at: Date): number => Math.floor(at.getTime() / 1000);

/** Whether `a` decides over `b`. A total order over the entries alone, so that their order of arrival cannot matter. */
function decidesOver(a: Entry, b: Entry): boolean {
  const apart = secondOf(a.at) - secondOf(b.at);
  if (apart !== 0) return apart > 0;
  if (a.granted !== b.granted) return !a.granted;
  return a.id < b.id;
}

/** The state of one purpose, derived from all entries about a person, in whatever order they come. */
export function verdictOn(purpose: Purpose, entries: readonly Entry[]): Verdict {
  let deciding: Entry | undefined;
  for (const entry of entries) {
    if (entry.purpose !== purpose && entry.purpose !== 'all') continue;
    if (!deciding || decidesOver(entry, deciding)) deciding = entry;
  }
  if (!deciding) return { allowed: ALLOWED_WITHOUT_ENTRY[purpose], reason: 'no-entry', entryId: '' };
  return { allowed: deciding.granted, reason: deciding.granted ? 'granted' : 'withdrawn', entryId: deciding.id };
}

/**
 * Whether `added` changes what may be sent. The first no to marketing counts, although marketing was not allowed before
 * either: "never asked" and "said no" are two things to everybody who shows it.
 */
export function changes(before: readonly Entry[], added: Entry): boolean {
  const after = [...before, added];
  return PURPOSES.some((purpose) => verdictOn(purpose, before).reason !== verdictOn(purpose, after).reason);
}

/** Whether a person has said yes to anything, as things stand. */
export function anyGranted(entries: readonly Entry[]): boolean {
  return PURPOSES.some((purpose) => verdictOn(purpose, entries).reason === 'granted');
}

/** What stands in an entry of somebody erased instead of what it referred to: a wamid has the phone number inside. */
export function hiddenReference(reference: string): string {
  return `erased:${createHash('sha256').update(reference).digest('hex')}`;
}

/** Id of the entry a key writes. Derived, so that whoever comes first with a wamid writes the same entry. */
export function entryIdOf(idempotencyKey: string, purpose: Scope): string {
  const hex = createHash('sha256').update(`${purpose}\n${idempotencyKey}`).digest('hex');
  // The shape of a UUID of version 8 (free to its maker), so that the database and everybody else can treat it as one.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Oldest first, by what the person said and not by when we heard of it. */
export function byTime(a: Entry, b: Entry): number {
  return a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1);
}
