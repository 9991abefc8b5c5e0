import type { Tx } from '@parley/postgres';
import type { Head } from '../domain/chain.js';
import type { Entry, Unchained } from '../domain/evidence.js';

/** Two pseudonyms known to be one person. */
export type Link = readonly [string, string];

/** Entries of one partition, which go to the end of its chain of their day in the order given. */
export interface Part {
  readonly topic: string;
  readonly partition: number;
  readonly entries: readonly Unchained[];
}

/** What one transaction appends. All entries are recorded at the same moment. */
export interface Append {
  readonly parts: readonly Part[];
  readonly links?: readonly Link[];
  /** Runs inside the transaction, after everything is written; a throw undoes all of it. */
  readonly commit?: (tx: Tx) => Promise<void>;
}

/** What to look for; everything given must match. */
export interface Search {
  /** Entries with all of these keyed hashes, */
  readonly tags: readonly bigint[];
  /** of any of these customers, unless empty. */
  readonly customers: readonly bigint[];
  readonly from?: Date;
  readonly until?: Date;
  readonly limit: number;
  readonly after?: Position;
}

/** A place in the order in which results come: by time of the event, then chain and sequence. */
export interface Position {
  readonly occurredAt: Date;
  readonly chain: string;
  readonly sequence: bigint;
}

/** The append-only trail. Nothing in it is ever changed; removal is whole days at a time, by its owner. */
export abstract class Trail {
  /**
   * Puts entries at the ends of their chains, leaving out those whose event is in the trail already. One transaction: the
   * marks of the events, the entries with sequences without a gap, the chains' heads, the links. Returns how many of each
   * part were new.
   */
  abstract append(append: Append): Promise<number[]>;

  /** Matching entries, oldest first. */
  abstract search(search: Search): Promise<Entry[]>;

  /** The pseudonyms of everybody known to be this person, itself included. */
  abstract alsoKnownAs(customer: string): Promise<string[]>;

  /** When those of these pseudonyms who were erased were; the latest time. */
  abstract erasedAt(pseudonyms: readonly string[]): Promise<Map<string, Date>>;

  /** Where each chain ends; of one chain, or of all. */
  abstract heads(chain?: string): Promise<Map<string, Head>>;

  /** Entries chain by chain, ascending, in batches; of one chain, or of all. */
  abstract read(chain?: string): AsyncIterable<Entry[]>;
}
