import { randomUUID } from 'node:crypto';
import type { Database } from '@parley/postgres';
import type { Consumer } from '../delivery.js';
import type { Subscription } from '../event-bus.js';
import { PartitionSet, type Assigned } from '../partition-set.js';
import type { PartitionWorker } from '../partition-worker.js';
import { EmbeddedClaim, leave, movePositions, release, type MemberId } from './claim-client.js';
import type { EmbeddedDeadLetters } from './embedded-dead-letters.js';

/** What a member needs of its bus. */
export interface MemberHost {
  db: Database;
  deadLetters: EmbeddedDeadLetters;
  /** There is room for records. */
  wantRecords(): void;
  /** Claims should be looked at. */
  wantClaims(): void;
  /** Resolves when the heartbeat under way, if any, is over. */
  heartbeatOver(): Promise<void>;
  ended(member: EmbeddedMember<never>): void;
}

/** One subscription of this process: a member of its group. */
export class EmbeddedMember<M> implements Subscription {
  readonly id: MemberId;
  readonly patienceMs: number;
  readonly #set: PartitionSet<M>;
  #closing: Promise<void> | undefined;

  constructor(
    consumer: Consumer<M>,
    private readonly host: MemberHost,
  ) {
    const { group, topic } = consumer.options;
    this.id = { member: randomUUID(), group, topic: topic.name };
    this.patienceMs = consumer.options.patienceMs ?? 0;
    const { db, deadLetters } = host;
    const where = { group, encrypted: topic.encrypted };
    this.#set = new PartitionSet(consumer, {
      claim: (assigned) =>
        new EmbeddedClaim(db, this.id, assigned, (tx, record, failure) => deadLetters.add(tx, record, where, failure)),
      movePositions: (tx, moves) => movePositions(tx, this.id, moves),
      release: (partition, epoch) => release(db, this.id, partition, epoch),
      onRoom: () => host.wantRecords(),
      onLost: () => host.wantClaims(),
    });
  }

  get workers(): PartitionWorker<M>[] {
    return this.#set.workers;
  }

  get closing(): boolean {
    return this.#closing !== undefined;
  }

  paused(): boolean {
    return this.#set.paused;
  }

  apply(held: readonly Assigned[]): void {
    this.#set.apply(held);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    const given = this.#set.close();
    // Tells the others, who take each partition as soon as it is given back.
    this.host.wantClaims();
    await given;
    // A heartbeat sent before this began would bring the member back after it has left.
    await this.host.heartbeatOver();
    // When the database is away the lease runs out by itself.
    await leave(this.host.db, this.id).catch(() => undefined);
    this.host.ended(this as unknown as EmbeddedMember<never>);
  }
}
