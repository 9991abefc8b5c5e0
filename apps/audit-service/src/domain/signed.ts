import { createHash } from 'node:crypto';
import { canonicalJson, type Head } from './chain.js';
import type { JsonObject } from './evidence.js';

/** A signature, and which key made it. */
export interface Seal {
  readonly keyId: string;
  readonly signature: Buffer;
}

/** Where a chain ended, signed. */
export interface SignedHead extends Head, Seal {
  readonly chain: string;
  /** Root of the Merkle tree over the hashes of its entries. */
  readonly root: Buffer;
  /** Digest of the head of the same topic and partition that was signed last before. */
  readonly previous: Buffer;
  readonly signedAt: Date;
}

/** A day that is over: all its heads, so that no chain can be removed as a whole. */
export interface SignedDay extends Seal {
  readonly day: string;
  readonly chains: number;
  readonly entries: bigint;
  /** Digest over its heads, in the order of their names. */
  readonly heads: Buffer;
  /** Digest of the day signed before; days on which nothing happened have no row. */
  readonly previous: Buffer;
  readonly signedAt: Date;
}

/** A day whose entries were removed because their time was over. */
export interface RetiredDay extends Seal {
  readonly day: string;
  readonly chains: number;
  readonly entries: bigint;
  readonly retiredAt: Date;
}

export type Unsigned<T extends Seal> = Omit<T, keyof Seal>;

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
const textOf = (kind: string, fields: JsonObject): string =>
  canonicalJson({ kind: `parley audit ${kind} 1`, ...fields });

/** What the first signed head of a topic and partition, and the first signed day, follow. */
export function signedGenesis(name: string): Buffer {
  return sha256(`parley audit signatures of ${name}`);
}

/** Topic and partition of a chain: what its heads of different days have in common. */
export function lineOf(chain: string): string {
  return chain.slice(chain.indexOf('/') + 1);
}

/** The text that is signed of a head. */
export function headText({ chain, sequence, hash, root, previous, signedAt }: Unsigned<SignedHead>): string {
  const bytes = { hash: hash.toString('hex'), root: root.toString('hex'), previous: previous.toString('hex') };
  return textOf('head', { chain, sequence: String(sequence), ...bytes, signedAt: signedAt.toISOString() });
}

/** The text that is signed of a day. */
export function dayText({ day, chains, entries, heads, previous, signedAt }: Unsigned<SignedDay>): string {
  const bytes = { heads: heads.toString('hex'), previous: previous.toString('hex') };
  return textOf('day', { day, chains, entries: String(entries), ...bytes, signedAt: signedAt.toISOString() });
}

/** The text that is signed when a day's entries are removed. */
export function retiredText({ day, chains, entries, retiredAt }: Unsigned<RetiredDay>): string {
  return textOf('retired day', { day, chains, entries: String(entries), retiredAt: retiredAt.toISOString() });
}

/** What the next head or day points to. */
export function digestOf(text: string): Buffer {
  return sha256(text);
}

/** Digest over all heads of a day, whatever order they come in. */
export function headsDigest(heads: readonly Unsigned<SignedHead>[]): Buffer {
  return sha256([...heads].map(headText).sort().join('\n'));
}
