import { createHash, hash as digest } from 'node:crypto';
import type { Entry, Json, Unchained } from './evidence.js';

/** Where a chain ends: the sequence and hash of its last entry, 0 and the genesis hash for an empty one. */
export interface Head {
  readonly sequence: bigint;
  readonly hash: Buffer;
}

/** One chain per UTC day and partition of the log: each has one writer at a time. */
export function chainName(recordedAt: Date, topic: string, partition: number): string {
  return `${dayOf(recordedAt)}/${topic}/${partition}`;
}

/** The UTC day of a moment, `2026-11-22`. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** What the first entry of a chain points to: its name, so that no entry can be moved to another chain. */
export function genesis(chain: string): Head {
  return { sequence: 0n, hash: createHash('sha256').update(`parley audit chain ${chain}`).digest() };
}

/** JSON with sorted keys, so that the same value is the same text whatever stored it in between. */
export function canonicalJson(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  let members = '';
  for (const key of Object.keys(value).sort()) {
    members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`;
  }
  return `{${members}}`;
}

/**
 * SHA-256 over the entry's own stored bytes and the hash before it. The ciphertext is hashed, not what it says, so the
 * chain holds after the person's key is gone. The JSON part ends by itself, so nothing can move between it and the rest.
 */
export function hashOf(entry: Omit<Entry, 'hash'>): Buffer {
  const texts = [
    entry.chain,
    String(entry.sequence),
    entry.eventId,
    entry.topic,
    entry.action,
    entry.occurredAt.toISOString(),
    entry.recordedAt.toISOString(),
    entry.customer,
    entry.order,
    entry.session,
    entry.tags.map(String),
  ];
  // Canonical as it is: an array of texts has no keys to be sorted.
  const json = `[1,${JSON.stringify(texts).slice(1, -1)},${canonicalJson(entry.metadata)}]`;
  return digest('sha256', Buffer.concat([entry.prevHash, Buffer.from(json), entry.sealed]), 'buffer');
}

/** Puts entries at the end of a chain, in the order given. */
export function chainOn(chain: string, head: Head, entries: readonly Unchained[]): Entry[] {
  let { sequence, hash: prevHash } = head;
  return entries.map((unchained) => {
    sequence += 1n;
    const entry: Entry = { ...unchained, chain, sequence, prevHash, hash: prevHash };
    prevHash = hashOf(entry);
    return Object.assign(entry, { hash: prevHash });
  });
}
