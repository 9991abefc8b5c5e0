/** Somebody who was erased, without saying who it was. */
export interface ErasedContact {
  /** Keyed look-up hashes. */
  readonly identities: readonly string[];
  readonly customerIds: readonly string[];
  readonly erasedAt: Date;
}

/** What became of the rows of one table. */
export interface ErasedTable {
  readonly table: string;
  readonly effect: 'deleted' | 'emptied';
  readonly rows: bigint;
}
