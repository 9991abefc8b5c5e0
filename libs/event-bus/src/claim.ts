import type { AppError } from '@parley/errors';
import type { StoredRecord } from './record-codec.js';

/** Why and how a record was given up. */
export interface Failure {
  error: AppError;
  attempts: number;
}

/** What the crashes of earlier owners say about a partition. */
export interface Suspicion {
  /** Records below this offset are tried alone: one of them was in hand at three crashes. */
  until: bigint;
  /** The record that was alone in hand at several crashes. */
  poisoned?: bigint;
}

/** Records tried alone after three crashes: as many as a batch may have held. */
export const SUSPECT_RANGE = 500n;

/** One partition in the hands of one member of a group; engines implement it, `PartitionWorker` works on it. */
export interface Claim {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** Grows with every change of hands. */
  readonly epoch: bigint;
  readonly suspicion?: Suspicion;
  /** Makes `next` the group's position. @throws AppError `BUS.OLD_EPOCH` when the partition is lost */
  commit(next: bigint): Promise<void>;
  /** Whether positions move with the effect's transaction; if not, `commit` follows after it. */
  readonly transactional: boolean;
  /** Writes a dead letter and, with `next`, moves the position past it; safe to repeat. @throws AppError `BUS.OLD_EPOCH` */
  deadLetter(record: StoredRecord, failure: Failure, next?: bigint): Promise<void>;
  /** Remembers the record that is being tried alone, so that a crash is blamed on it; undefined: none. */
  trying(offset: bigint | undefined): Promise<void>;
}

/** A partition and the position it gets. */
export interface Move {
  readonly claim: Claim;
  readonly next: bigint;
}
