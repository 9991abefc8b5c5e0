import type { AppError } from '@parley/errors';
import type { Database, Tx } from '@parley/postgres';
import { SUSPECT_RANGE, type Claim, type Failure, type Move, type Suspicion } from '../claim.js';
import { oldEpoch } from '../errors.js';
import type { Assigned } from '../partition-set.js';
import type { StoredRecord } from '../record-codec.js';
import { LEASE_MS, NOT_HELD } from './schema-sql.js';

/** A member of a group, as the database knows it. */
export interface MemberId {
  member: string;
  group: string;
  topic: string;
}

interface HeartbeatRow {
  member: string;
  partition: number;
  epoch: bigint;
  committed: bigint;
  crashes: number;
  suspect: bigint | null;
  poisoned: bigint | null;
  keep: boolean;
}

/** What the crash columns of a claim mean for its next holder. */
export function suspicionOf(row: {
  crashes: number;
  suspect: bigint | null;
  poisoned: bigint | null;
}): Suspicion | undefined {
  if (row.crashes < 3 || row.suspect === null) return undefined;
  return { until: row.suspect + SUSPECT_RANGE, poisoned: row.poisoned ?? undefined };
}

/** Prolongs the lives of all members of this process; returns what each of them holds now. */
export async function heartbeat(
  db: Tx,
  members: readonly (MemberId & { leaving: boolean })[],
): Promise<Map<string, Assigned[]>> {
  const sql = 'select * from bus.heartbeat($1::uuid[], $2::text[], $3::text[], $4::boolean[], $5)';
  const rows = await db.query<HeartbeatRow>(sql, [
    members.map(({ member }) => member),
    members.map(({ group }) => group),
    members.map(({ topic }) => topic),
    members.map(({ leaving }) => leaving),
    LEASE_MS,
  ]);
  const held = new Map<string, Assigned[]>(members.map(({ member }) => [member, []]));
  for (const row of rows) {
    const { partition, epoch, committed, keep } = row;
    held.get(row.member)?.push({ partition, epoch, committed, keep, suspicion: suspicionOf(row) });
  }
  return held;
}

/** Gives a partition back; nothing happens when it is somebody else's already. */
export async function release(
  db: Tx,
  { member, group, topic }: MemberId,
  partition: number,
  epoch: bigint,
): Promise<void> {
  await db.query('select bus.release($1, $2, $3, $4, $5)', [member, group, topic, partition, epoch]);
}

/** Ends a member's life; what it still holds is free at once. */
export async function leave(db: Tx, { member, group }: MemberId): Promise<void> {
  await db.query('select bus.leave($1, $2)', [member, group]);
}

const MOVE = 'select bus.move($1, $2, $3, $4::int[], $5::bigint[], $6::bigint[])';

function translated(error: AppError): AppError {
  return error.details['sqlstate'] === NOT_HELD ? oldEpoch() : error;
}

/**
 * Moves the positions of partitions of one member, in a transaction without waiting for it: that one fails.
 * @throws AppError `BUS.OLD_EPOCH` when one of them is lost
 */
export function movePositions(tx: Tx, id: MemberId, moves: readonly Move[]): Promise<void> {
  const params = [
    id.group,
    id.topic,
    id.member,
    moves.map(({ claim }) => claim.partition),
    moves.map(({ claim }) => claim.epoch),
    moves.map(({ next }) => next),
  ];
  return tx.later(MOVE, params, translated);
}

/** Writes a dead letter: position, reason and value. */
export type WriteDeadLetter = (tx: Tx, record: StoredRecord, failure: Failure) => Promise<void>;

/** A partition of the embedded log in the hands of one member. */
export class EmbeddedClaim implements Claim {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly epoch: bigint;
  readonly transactional = true;
  readonly suspicion?: Suspicion;

  constructor(
    private readonly db: Database,
    private readonly id: MemberId,
    { partition, epoch, suspicion }: Assigned,
    private readonly writeDeadLetter: WriteDeadLetter,
  ) {
    this.group = id.group;
    this.topic = id.topic;
    this.partition = partition;
    this.epoch = epoch;
    this.suspicion = suspicion;
  }

  commit(next: bigint): Promise<void> {
    return movePositions(this.db, this.id, [{ claim: this, next }]);
  }

  async trying(offset: bigint | undefined): Promise<void> {
    const { group, topic, member } = this.id;
    const params = [group, topic, this.partition, member, this.epoch, offset ?? null];
    const sql = 'select bus.try_alone($1, $2, $3, $4, $5, $6) as held';
    const [row] = await this.db.query<{ held: boolean }>(sql, params);
    if (!row?.held) throw oldEpoch();
  }

  async deadLetter(record: StoredRecord, failure: Failure, next?: bigint): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.writeDeadLetter(tx, record, failure);
      if (next !== undefined) await movePositions(tx, this.id, [{ claim: this, next }]);
    });
  }
}
