import type { Erasure } from '../domain/statement.js';
import type { Seal } from '../domain/signed.js';

/** A statement, and whose signature it bears. */
export interface SignedStatement extends Seal {
  readonly text: string;
}

/** Erasures that were begun, and the statements about them; append-only. */
export abstract class Erasures {
  /** Stored before anything is destroyed, so that what is interrupted is finished. */
  abstract begin(erasures: readonly Erasure[]): Promise<void>;

  /** The latest erasure of whom each hash belonged to; without a statement while it is not finished. */
  abstract find(hashes: readonly string[]): Promise<Map<string, { erasure: Erasure; statement?: SignedStatement }>>;

  abstract complete(statements: readonly { erasureId: string; statement: SignedStatement }[]): Promise<void>;

  /** Begun before this moment and not finished, oldest first. */
  abstract unfinished(before: Date): Promise<Erasure[]>;

  /** Entries of the trail under any of these pseudonyms, per list, in order. */
  abstract entriesOf(pseudonyms: readonly (readonly string[])[]): Promise<bigint[]>;
}
