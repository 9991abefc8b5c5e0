import { randomUUID } from 'node:crypto';
import type { Database } from '@parley/postgres';
import { BackOff, passing } from '@parley/resilience';
import type { Consumer as KafkaConsumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Claim, Suspicion } from '../claim.js';
import type { Consumer } from '../delivery.js';
import type { Subscription } from '../event-bus.js';
import { PartitionSet, type Assigned } from '../partition-set.js';
import type { PartitionWorker } from '../partition-worker.js';
import { KafkaCrashes } from './kafka-crashes.js';
import type { KafkaDeadLetters } from './kafka-dead-letters.js';
import { toStored } from './kafka-headers.js';
import { KafkaPositions } from './kafka-positions.js';

/** What a member needs of its bus. */
export interface KafkaMemberHost {
  kafka: Kafka;
  db: Database;
  deadLetters: KafkaDeadLetters;
  /** Positions of a Kafka group in a topic, where there are any yet. */
  positions(groupId: string, topic: string): Promise<Map<number, bigint>>;
}

// Found dead after ten seconds; a rebalance is noticed within one.
const SESSION_MS = 10_000;
const HEARTBEAT_MS = 1000;
/** Times that missing records are asked for. */
const GAP_TRIES = 3;
/** Kafka's word for the oldest record there is. */
const EARLIEST = '-2';
/** How long a fetch waits at least for something to come: also the time until a partition that has room again is asked for. */
const FETCH_WAIT_MS = 250;
/** What a patient consumer need not wait any longer for. */
const PATIENT_BYTES = 200_000;

/** One subscription: a member of a Kafka group of its own name, since kafkajs gives all topics of a group to all its members. */
export class KafkaMember<M> implements Subscription {
  readonly #groupId: string;
  readonly #topic: string;
  readonly #set: PartitionSet<M>;
  readonly #crashes: KafkaCrashes;
  readonly #closed = new AbortController();
  #kafkaConsumer: KafkaConsumer | undefined;
  #epoch = 0n;
  #assigned: readonly number[] = [];
  #assigning: Promise<void> = Promise.resolve();
  readonly #epochs = new Map<number, Assigned>();
  readonly #paused = new Set<number>();
  /** Partitions whose fetched records were dropped with their worker: to be fetched again from the group's position. */
  readonly #dropped = new Set<number>();
  readonly #gaps = new Map<number, number>();
  readonly #positions: KafkaPositions;
  #memberId = '';
  #closing: Promise<void> | undefined;

  constructor(
    private readonly consumer: Consumer<M>,
    private readonly host: KafkaMemberHost,
  ) {
    const { group, topic } = consumer.options;
    this.#topic = topic.name;
    this.#groupId = `${group}.${topic.name}`;
    const id = { member: randomUUID(), group, topic: topic.name };
    this.#crashes = new KafkaCrashes(host.db, id, consumer.logger);
    this.#positions = new KafkaPositions(topic.name, async (positions) =>
      this.#kafkaConsumer?.commitOffsets(positions),
    );
    this.#set = new PartitionSet(consumer, {
      claim: (assigned) => this.#claim(assigned),
      movePositions: () => Promise.resolve(),
      release: (partition) => this.#crashes.release(partition),
      onRoom: () => this.#resume(),
      onLost: () => undefined,
      onEnded: (partition) => {
        this.#dropped.add(partition);
        this.#assign();
      },
    });
  }

  paused(): boolean {
    return this.#set.paused;
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  /** Joins the group; afterwards it comes back by itself whatever happens to the brokers. */
  async start(): Promise<void> {
    const consumer = this.host.kafka.consumer({
      groupId: this.#groupId,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: 30_000,
      maxWaitTimeInMs: Math.max(FETCH_WAIT_MS, this.consumer.options.patienceMs ?? 0),
      minBytes: this.consumer.options.patienceMs ? PATIENT_BYTES : 1,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 100, maxRetryTime: 2000, retries: 6 },
    });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      // Under a new name we had been given up: others may have had our partitions meanwhile.
      if (payload.memberId !== this.#memberId) this.#set.apply([]);
      this.#memberId = payload.memberId;
      this.#assigned = payload.memberAssignment[this.#topic] ?? [];
      this.#paused.clear();
      this.#assign();
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) void this.#again(consumer);
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [this.#topic], fromBeginning: true });
    this.#kafkaConsumer = consumer;
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async (payload) => this.#take(payload),
    });
  }

  async #close(): Promise<void> {
    this.#closed.abort();
    await this.#assigning;
    await this.#set.close();
    await this.#kafkaConsumer?.disconnect().catch(() => undefined);
  }

  /** kafkajs gives up on errors it takes for permanent; we do not. */
  async #again(gone: KafkaConsumer): Promise<void> {
    await gone.disconnect().catch(() => undefined);
    const backOff = new BackOff(500);
    while (!this.#closed.signal.aborted) {
      await backOff.wait(this.#closed.signal);
      const started = await this.start().then(
        () => true,
        () => false,
      );
      if (started) return;
    }
  }

  /** Makes the set of partitions what the group said last; one after the other, the last word counts. */
  #assign(): void {
    this.#assigning = this.#assigning
      .then(() => this.#assignNow())
      .catch((thrown: unknown) => {
        const { logger, options } = this.consumer;
        logger.warn(
          { err: thrown, group: options.group, topic: this.#topic },
          'Partitions could not be taken over yet',
        );
        setTimeout(() => this.#assign(), 1000).unref();
      });
  }

  async #assignNow(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    const assigned = this.#assigned;
    const held = new Set(this.#set.partitions);
    for (const partition of this.#epochs.keys())
      if (!held.has(partition) || !assigned.includes(partition)) this.#epochs.delete(partition);
    const fresh = assigned.filter((partition) => !held.has(partition));
    if (fresh.length > 0) {
      const positions = await this.host.positions(this.#groupId, this.#topic);
      const taken = new Map(fresh.map((partition) => [partition, positions.get(partition) ?? 0n]));
      const suspicions = await this.#crashes.take(taken);
      await passing('event-bus.kafka.assigned');
      for (const partition of fresh)
        if (this.#dropped.delete(partition)) this.#fetchFrom(partition, positions.get(partition));
      for (const [partition, committed] of taken) this.#know(partition, committed, suspicions.get(partition));
    }
    this.#set.apply(assigned.flatMap((partition) => this.#epochs.get(partition) ?? []));
  }

  #fetchFrom(partition: number, position: bigint | undefined): void {
    const offset = position === undefined ? EARLIEST : String(position);
    this.#kafkaConsumer?.seek({ topic: this.#topic, partition, offset });
  }

  #know(partition: number, committed: bigint, suspicion: Suspicion | undefined): void {
    this.#epochs.set(partition, { partition, committed, suspicion, epoch: ++this.#epoch, keep: true });
  }

  #worker(partition: number): PartitionWorker<M> | undefined {
    return this.#set.workers.find((worker) => worker.claim.partition === partition);
  }

  /** Hands fetched records on as far as there is room. What is not resolved is fetched again. */
  #take(fetched: EachBatchPayload): void {
    const { batch } = fetched;
    const worker = this.#worker(batch.partition);
    if (fetched.isStale() || (worker && this.#misses(worker, BigInt(batch.firstOffset() ?? worker.next)))) return;
    const room = worker?.room ?? 0;
    const messages = batch.messages.slice(0, room);
    const last = messages.at(-1);
    if (worker && last) {
      worker.push(messages.map((message) => toStored(this.#topic, batch.partition, message)));
      worker.report(BigInt(batch.highWatermark));
      fetched.resolveOffset(last.offset);
    }
    if (messages.length === batch.messages.length && (worker?.room ?? 0) > 0) return;
    this.#paused.add(batch.partition);
    fetched.pause();
  }

  /**
   * Whether records are missing between what a worker had and what comes now: an answer to a question asked before the
   * position was set back. It is asked again; what stays missing was dropped by retention.
   */
  #misses({ claim: { partition }, next }: PartitionWorker<M>, first: bigint): boolean {
    const tries = (this.#gaps.get(partition) ?? 0) + 1;
    if (first <= next || tries > GAP_TRIES) {
      this.#gaps.delete(partition);
      return false;
    }
    this.#gaps.set(partition, tries);
    this.#fetchFrom(partition, next);
    return true;
  }

  #resume(): void {
    for (const worker of this.#set.workers) {
      const { partition } = worker.claim;
      // Half empty, so that there is something to do while the fetch is under way.
      if (!this.#paused.has(partition) || !worker.halfEmpty) continue;
      this.#paused.delete(partition);
      this.#kafkaConsumer?.resume([{ topic: this.#topic, partitions: [partition] }]);
    }
  }

  #claim({ partition, epoch, suspicion }: Assigned): Claim {
    const { group, topic } = this.consumer.options;
    const commit = (next: bigint): Promise<void> => this.#positions.commit(partition, next);
    return {
      group,
      topic: topic.name,
      partition,
      epoch,
      suspicion,
      transactional: false,
      commit,
      deadLetter: async (record, failure, next) => {
        await this.host.deadLetters.add(record, { group, encrypted: topic.encrypted }, failure);
        if (next !== undefined) await commit(next);
      },
      trying: (offset) => this.#crashes.trying(partition, offset),
    };
  }
}
