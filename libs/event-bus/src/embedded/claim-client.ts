import type { Database, Tx } from '@parley/postgres';
import { SUSPECT_RANGE, type Claim, type Failure, type Move, type Suspicion } from '../claim.js';
import { oldEpoch } from '../errors.js';
import type { Assigned } from '../partition-set.js';
import type { StoredRecord } from '../record-codec.js';
import { LEASE_MS } from './schema-sql.js';

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

const COMMIT = 'select bus.commit($1, $2, $3, $4, $5, $6) as held';

/** Moves the positions of partitions of one member. @throws AppError `BUS.OLD_EPOCH` when one of them is lost */
export async function movePositions(tx: Tx, id: MemberId, moves: readonly Move[]): Promise<void> {
  const [{ held } = { held: false }] = await tx.query<{ held: boolean }>(
    `select bool_and(bus.commit($1, $2, m.partition, $3, m.epoch, m.next)) as held
      from unnest($4::int[], $5::bigint[], $6::bigint[]) as m(partition, epoch, next)`,
    [
      id.group,
      id.topic,
      id.member,
      moves.map(({ claim }) => claim.partition),
      moves.map(({ claim }) => claim.epoch),
      moves.map(({ next }) => next),
    ],
  );
  if (!held) throw oldEpoch();
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
  readonly #params: readonly unknown[];

  constructor(
    private readonly db: Database,
    id: MemberId,
    { partition, epoch, suspicion }: Assigned,
    private readonly writeDeadLetter: WriteDeadLetter,
  ) {
    this.group = id.group;
    this.topic = id.topic;
    this.partition = partition;
    this.epoch = epoch;
    this.suspicion = suspicion;
    this.#params = [id.group, id.topic, partition, id.member, epoch];
  }

  commit(next: bigint): Promise<void> {
    return this.#change(this.db, COMMIT, next);
  }

  trying(offset: bigint | undefined): Promise<void> {
    return this.#change(this.db, 'select bus.try_alone($1, $2, $3, $4, $5, $6) as held', offset ?? null);
  }

  async deadLetter(record: StoredRecord, failure: Failure, next?: bigint): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.writeDeadLetter(tx, record, failure);
      if (next !== undefined) await this.#change(tx, COMMIT, next);
    });
  }

  async #change(tx: Tx, sql: string, value: bigint | null): Promise<void> {
    const [row] = await tx.query<{ held: boolean }>(sql, [...this.#params, value]);
    if (!row?.held) throw oldEpoch();
  }
}
