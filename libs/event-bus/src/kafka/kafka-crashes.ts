import { AppError } from '@parley/errors';
import type { Database } from '@parley/postgres';
import type { Logger } from '@parley/telemetry';
import type { Suspicion } from '../claim.js';
import { suspicionOf, type MemberId } from '../embedded/claim-client.js';

interface Row {
  partition: number;
  epoch: bigint;
  crashes: number;
  suspect: bigint | null;
  poisoned: bigint | null;
}

/**
 * Remembers in Postgres who took which partition and how that ended, so that a record that crashes its process is found.
 * One write when a partition comes, one when it goes. Without Postgres there is consumption all the same, just no memory.
 */
export class KafkaCrashes {
  readonly #epochs = new Map<number, bigint>();

  constructor(
    private readonly db: Database,
    private readonly id: MemberId,
    private readonly logger: Logger,
  ) {}

  /** Takes partitions at the positions Kafka has; returns what the crashes of others say about them. */
  async take(positions: ReadonlyMap<number, bigint>): Promise<Map<number, Suspicion | undefined>> {
    const { member, group, topic } = this.id;
    const sql = 'select * from bus.take_claims($1, $2, $3, $4::int[], $5::bigint[])';
    const params = [member, group, topic, [...positions.keys()], [...positions.values()]];
    const rows = await this.#quietly(() => this.db.query<Row>(sql, params));
    for (const { partition, epoch } of rows ?? []) this.#epochs.set(partition, epoch);
    return new Map((rows ?? []).map((row) => [row.partition, suspicionOf(row)]));
  }

  async release(partition: number): Promise<void> {
    const { member, group, topic } = this.id;
    const epoch = this.#epochs.get(partition);
    if (epoch === undefined) return;
    this.#epochs.delete(partition);
    const params = [member, group, topic, partition, epoch];
    await this.#quietly(() => this.db.query('select bus.release($1, $2, $3, $4, $5)', params));
  }

  /** Remembers the record that is tried alone; undefined: none. */
  async trying(partition: number, offset: bigint | undefined): Promise<void> {
    const { member, group, topic } = this.id;
    const params = [group, topic, partition, member, this.#epochs.get(partition) ?? 0n, offset ?? null];
    await this.#quietly(() => this.db.query('select bus.try_alone($1, $2, $3, $4, $5, $6)', params));
  }

  async #quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (thrown) {
      const { reason } = AppError.from(thrown);
      const { group, topic } = this.id;
      this.logger.warn({ reason, group, topic }, 'Crashes of consumers cannot be remembered');
      return undefined;
    }
  }
}
