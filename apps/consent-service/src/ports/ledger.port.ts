import type { Tx } from '@parley/postgres';
import type { Entry } from '../domain/consent.js';
import type { Draft } from '../domain/inbound.js';
import type { SealedContact } from './persons.port.js';

/** An entry as the ledger returns it. */
export interface LedgerEntry extends Entry {
  readonly recordedAt: Date;
}

/** An entry to be written, with the person as it may be stored. */
export interface NewEntry {
  readonly draft: Draft;
  readonly person: SealedContact;
}

/** Two hashes known to belong to one person. */
export type Link = readonly [string, string];

/** What one transaction writes. */
export interface LedgerWrite {
  readonly entries: readonly NewEntry[];
  readonly links?: readonly Link[];
  /**
   * Ids of inbox items the entries stem from, by the entry's evidence. Entries of items that were marked before are left
   * out. Absent for a call, where the idempotency key alone decides.
   */
  readonly itemIds?: readonly string[];
  /** Runs inside the transaction, after everything is written; a throw undoes all of it. */
  readonly commit?: (tx: Tx) => Promise<void>;
}

/** Somebody who was erased. */
export interface ErasedPerson {
  readonly identities: readonly string[];
  readonly erasedAt: Date;
}

/** What an erasure did to the ledger. */
export interface Erased {
  /** Entries whose references were hidden. */
  readonly hidden: bigint;
  /** Whether a grant was withdrawn by it. */
  readonly withdrawn: boolean;
}

/** What became of one entry. */
export interface Written {
  readonly entryId: string;
  /** False when the key had written it before. */
  readonly created: boolean;
  /** Whether what may be sent changed by it. */
  readonly changed: boolean;
  /** Whether the entry the key had written is about somebody else, or says the opposite. */
  readonly conflicting: boolean;
}

/** The append-only ledger. Nothing in it is ever changed or removed. */
export abstract class Ledger {
  /**
   * Writes entries, links and inbox marks in one transaction, together with a ConsentChanged for each entry that changed
   * what may be sent. Results are in the order of the entries; entries of items marked before are absent.
   * @throws AppError ABORTED when the same key is being written elsewhere; run again
   */
  abstract write(write: LedgerWrite): Promise<Written[]>;

  /**
   * Keeps what was said as that of pseudonyms, in one transaction: references and contacts are hidden, and who had granted
   * anything is entered as withdrawn, so that an opt-in does not outlive the person and an opt-out does. Nothing is
   * announced: there is nobody left to tell about. In the order given; repeating it changes nothing.
   */
  abstract erase(persons: readonly ErasedPerson[]): Promise<Erased[]>;

  /** All entries about the person that any of these hashes belongs to, oldest first. */
  abstract entriesOf(identities: readonly string[]): Promise<LedgerEntry[]>;
}
