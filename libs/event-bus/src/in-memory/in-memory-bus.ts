import { randomUUID } from 'node:crypto';
import type { Tx } from '@parley/postgres';
import { createLogger, type Logger } from '@parley/telemetry';
import { countPublished } from '../bus-metrics.js';
import type { Claim, Move } from '../claim.js';
import { busClosed, oldEpoch } from '../errors.js';
import {
  EventBus,
  type OutgoingRecord,
  type ReceivedRecord,
  type SubscribeOptions,
  type Subscription,
  type Topic,
} from '../event-bus.js';
import { PartitionSet, type Assigned } from '../partition-set.js';
import { RecordCodec, type StoredRecord } from '../record-codec.js';
import { InMemoryDeadLetters } from './in-memory-dead-letters.js';
import { InMemoryLog, type MemoryClaim } from './in-memory-log.js';

/** What an in-memory bus is made of; everything has a default. */
export interface InMemoryOptions {
  /** Shared by the buses of several services or replicas. */
  log?: InMemoryLog;
  service?: string;
  logger?: Logger;
}

class Member<M> implements Subscription {
  readonly #id = randomUUID();
  readonly #set: PartitionSet<M>;
  readonly #unsubscribe: () => void;
  #closing: Promise<void> | undefined;

  constructor(
    private readonly log: InMemoryLog,
    private readonly options: SubscribeOptions<M>,
    private readonly deadLetters: InMemoryDeadLetters,
    codec: RecordCodec,
    logger: Logger,
  ) {
    this.#set = new PartitionSet(
      { options, codec, logger },
      {
        claim: (assigned) => this.#claim(assigned),
        movePositions: (tx, moves) => this.#move(tx, moves),
        release: (partition, epoch) => this.#release(partition, epoch),
        onRoom: () => this.#fill(),
        onLost: () => this.#update(),
      },
    );
    this.#unsubscribe = log.onChange(() => this.#update());
    log.join(options.group, options.topic.name, this.#id);
  }

  paused(): boolean {
    return this.#set.paused;
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  /** Stops as a killed process does: nothing is finished, nothing given back by itself. */
  crash(): void {
    this.#unsubscribe();
    for (const worker of this.#set.workers) void worker.abandon();
    this.log.leave(this.options.group, this.options.topic.name, this.#id);
  }

  /** Whether everything of its partitions has been handled. */
  get idle(): boolean {
    const topic = this.options.topic.name;
    return this.#set.workers.every(
      (worker) => worker.idle && worker.next >= this.log.end(topic, worker.claim.partition),
    );
  }

  async #close(): Promise<void> {
    await this.#set.close();
    this.#unsubscribe();
    this.log.leave(this.options.group, this.options.topic.name, this.#id);
  }

  #claims(): ReturnType<InMemoryLog['claim']> {
    return this.log.claim(this.options.group, this.options.topic.name, this.#id);
  }

  #update(): void {
    if (this.#closing) return;
    const assigned = this.#claims().map(({ partition, claim, keep }): Assigned => {
      return { partition, epoch: BigInt(claim.epoch), committed: claim.committed, keep };
    });
    this.#set.apply(assigned);
    this.#fill();
  }

  #fill(): void {
    const topic = this.options.topic.name;
    for (const worker of this.#set.workers) {
      worker.push(this.log.read(topic, worker.claim.partition, worker.next, worker.room));
      worker.report(this.log.end(topic, worker.claim.partition));
    }
  }

  #held(partition: number, epoch: bigint): MemoryClaim | undefined {
    const found = this.log.held(this.options.group, this.options.topic.name, partition);
    return found.member === this.#id && BigInt(found.epoch) === epoch ? found : undefined;
  }

  async #release(partition: number, epoch: bigint): Promise<void> {
    const claim = this.#held(partition, epoch);
    if (claim) this.log.release(claim);
  }

  async #move(tx: Tx, moves: readonly Move[]): Promise<void> {
    const held = moves.map(({ claim }) => this.#held(claim.partition, claim.epoch));
    if (held.includes(undefined)) throw oldEpoch();
    tx.afterCommit(() => {
      // Looked up once more: meanwhile one may have become somebody else's.
      for (const { claim, next } of moves) {
        const now = this.#held(claim.partition, claim.epoch);
        if (now) now.committed = next;
      }
    });
  }

  #claim({ partition, epoch }: Assigned): Claim {
    const { group, topic } = this.options;
    const move = (next: bigint): void => {
      const claim = this.#held(partition, epoch);
      if (!claim) throw oldEpoch();
      claim.committed = next;
    };
    return {
      group,
      topic: topic.name,
      partition,
      epoch,
      transactional: true,
      commit: async (next) => move(next),
      deadLetter: async (record: StoredRecord, { error, attempts }, next) => {
        this.deadLetters.add(record, group, error.reason, attempts);
        if (next !== undefined) move(next);
      },
      trying: () => Promise.resolve(),
    };
  }
}

/** The event bus within one process: a real twin of the others for unit tests. Durable it is not. */
export class InMemoryEventBus extends EventBus {
  readonly deadLetters: InMemoryDeadLetters;
  readonly #log: InMemoryLog;
  readonly #codec: RecordCodec;
  readonly #logger: Logger;
  readonly #members = new Set<Member<never>>();
  #closed = false;

  constructor({ log = new InMemoryLog(), service = 'test', logger }: InMemoryOptions = {}) {
    super();
    this.#log = log;
    this.#codec = new RecordCodec(service);
    this.#logger = logger ?? createLogger(service, { level: 'silent' });
    this.deadLetters = new InMemoryDeadLetters(log);
  }

  async publish(records: OutgoingRecord[]): Promise<void> {
    if (this.#closed) throw busClosed();
    this.#log.append(await this.#codec.prepare(records));
    countPublished(records.map(({ topic }) => topic.name));
  }

  laneOf(key: string, lanes: number): number {
    return this.#codec.laneOf(key, this.#log.partitions, lanes);
  }

  async append(tx: Tx, records: OutgoingRecord[]): Promise<void> {
    const prepared = await this.#codec.prepare(records);
    tx.afterCommit(() => this.#log.append(prepared));
  }

  async subscribe<M>(options: SubscribeOptions<M>): Promise<Subscription> {
    if (this.#closed) throw busClosed();
    const member = new Member(this.#log, options, this.deadLetters, this.#codec, this.#logger);
    this.#members.add(member as unknown as Member<never>);
    return member;
  }

  async ready(): Promise<void> {
    if (this.#closed) throw busClosed();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#members].map((member) => member.close()));
  }

  /** Dies like a killed process: for tests of what others do then. */
  crash(): void {
    this.#closed = true;
    for (const member of this.#members) member.crash();
  }

  /** Everything a topic holds, decoded, partition after partition: what a test looks at. */
  async published<M>(topic: Topic<M>): Promise<ReceivedRecord<M>[]> {
    const decoded = await this.#codec.decode(topic, this.#log.all(topic.name));
    return decoded.flatMap((one) => ('record' in one ? [one.record] : []));
  }

  /** Whether the subscriptions of this bus have handled all there is. */
  get idle(): boolean {
    return [...this.#members].every((member) => member.idle);
  }
}
