/** Somebody who was erased, by keyed look-up hashes. */
export interface ErasedContact {
  readonly identities: readonly string[];
}

/** What became of the rows of one table. */
export interface ErasedTable {
  readonly table: string;
  readonly effect: 'deleted';
  readonly rows: bigint;
}

/** The end of the conversations with somebody. */
export abstract class Erasure {
  /**
   * Per contact, in order, what was removed: every conversation with its lines, its journal and what leads to it. Whoever
   * writes from there later begins a new conversation. Repeating it removes nothing more.
   */
  abstract erase(contacts: readonly ErasedContact[]): Promise<ErasedTable[][]>;
}
