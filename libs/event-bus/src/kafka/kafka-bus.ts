import { Outbox, type Database, type Tx } from '@parley/postgres';
import type { Logger } from '@parley/telemetry';
import type { Admin, Kafka } from 'kafkajs';
import { busMetrics, countPublished } from '../bus-metrics.js';
import { busClosed } from '../errors.js';
import { EventBus, type OutgoingRecord, type SubscribeOptions, type Subscription } from '../event-bus.js';
import { partitionOf } from '../partitioner.js';
import type { PreparedRecord, RecordCodec } from '../record-codec.js';
import type { KafkaOptions } from '../settings.js';
import { topicsByName } from '../topics.js';
import { everyHour } from '../upkeep.js';
import { kafkaFailure } from './kafka-access.js';
import { kafkaClient } from './kafka-client.js';
import { KafkaDeadLetters } from './kafka-dead-letters.js';
import { KafkaMember } from './kafka-member.js';
import { KafkaTopics } from './kafka-topics.js';
import { KafkaWriter, type Placed } from './kafka-writer.js';
import { OutboxRelay, toOutboxHeaders } from './outbox-relay.js';

/** What the Kafka adapter is made of. */
export interface KafkaBusOptions {
  kafka: KafkaOptions;
  /** Holds the outbox, keys and the memory of crashes. */
  database: Database;
  codec: RecordCodec;
  logger: Logger;
  service: string;
  /** More to do every hour. */
  chores?: readonly (() => Promise<void>)[];
}

/** The event bus on Kafka. */
export class KafkaEventBus extends EventBus {
  readonly deadLetters: KafkaDeadLetters;
  readonly #kafka: Kafka;
  readonly #topics: KafkaTopics;
  readonly #writer: KafkaWriter;
  readonly #outbox = new Outbox();
  readonly #relay: OutboxRelay;
  readonly #members = new Set<KafkaMember<never>>();
  #admin: Promise<Admin> | undefined;
  #stopChores: (() => void) | undefined;
  #closed = false;

  constructor(private readonly options: KafkaBusOptions) {
    super();
    const { kafka, database, codec, logger, service } = options;
    this.#kafka = kafkaClient(kafka, service, logger);
    const admin = (): Promise<Admin> => this.#connectedAdmin();
    this.#topics = new KafkaTopics(admin, kafka, logger);
    this.#writer = new KafkaWriter(this.#kafka);
    const write = (records: Placed[]): Promise<void> => this.#writer.write(records);
    this.deadLetters = new KafkaDeadLetters({ kafka: this.#kafka, admin, topics: this.#topics, codec, write });
    this.#relay = new OutboxRelay({
      database,
      logger,
      write: async (records) => this.#writer.write(await this.#place(records)),
      refused: (records) => this.#keepRefused(records),
    });
  }

  async publish(records: OutgoingRecord[]): Promise<void> {
    if (this.#closed) throw busClosed();
    if (records.length === 0) return;
    const stop = busMetrics.publishSeconds.startTimer({ adapter: 'kafka' });
    const prepared = await this.options.codec.prepare(records);
    await this.#writer.write(await this.#place(prepared));
    stop();
    countPublished(records.map(({ topic }) => topic.name));
  }

  laneOf(key: string, lanes: number): number {
    return this.options.codec.laneOf(key, this.options.kafka.partitions, lanes);
  }

  async append(tx: Tx, records: OutgoingRecord[]): Promise<void> {
    if (records.length === 0) return;
    this.#startRelay();
    const prepared = await this.options.codec.prepare(records);
    const rows = prepared.map((record) => {
      return { topic: record.topic, key: record.key, headers: toOutboxHeaders(record), value: record.value };
    });
    await this.#outbox.put(tx, rows);
    tx.afterCommit(() => this.#relay.wake());
  }

  async subscribe<M>(options: SubscribeOptions<M>): Promise<Subscription> {
    if (this.#closed) throw busClosed();
    const { codec, logger, database } = this.options;
    await this.#prepare();
    await this.#topics.partitions([options.topic.name]);
    const member = new KafkaMember(
      { options, codec, logger },
      {
        kafka: this.#kafka,
        db: database,
        deadLetters: this.deadLetters,
        positions: (groupId, topic) => this.#positions(groupId, topic),
      },
    );
    await member.start();
    this.#members.add(member as unknown as KafkaMember<never>);
    return member;
  }

  async ready(): Promise<void> {
    if (this.#closed) throw busClosed();
    await this.#prepare();
    await (await this.#connectedAdmin()).describeCluster().catch((thrown: unknown) => {
      throw kafkaFailure(thrown);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopChores?.();
    await Promise.all([...this.#members].map((member) => member.close()));
    await this.#relay.close();
    await this.#writer.close();
    await (await this.#admin?.catch(() => undefined))?.disconnect();
  }

  /** Topics and keys, so that writing later waits for nothing but the brokers. */
  async #prepare(): Promise<void> {
    const { codec, logger, chores = [] } = this.options;
    await this.#topics.partitions([...topicsByName.keys()]).catch((thrown: unknown) => {
      throw kafkaFailure(thrown);
    });
    await codec.prefetch();
    this.#startRelay();
    if (!this.#closed) this.#stopChores ??= everyHour(chores, logger);
  }

  #startRelay(): void {
    if (!this.#closed) this.#relay.start();
  }

  async #place(records: readonly PreparedRecord[]): Promise<Placed[]> {
    const names = records.map(({ topic }) => topic);
    const partitions = await this.#topics.partitions(names).catch((thrown: unknown) => {
      throw kafkaFailure(thrown);
    });
    return records.map((record) => {
      return { ...record, partition: partitionOf(record.key, partitions.get(record.topic) ?? 1) };
    });
  }

  // Their values would be refused again; what they were is worth keeping.
  async #keepRefused(records: readonly PreparedRecord[]): Promise<void> {
    const value = new Uint8Array();
    await this.deadLetters.keep(
      records.map(({ topic, key, id }) => ({ topic, key, id, value, reason: 'BUS.REFUSED' })),
    );
  }

  async #positions(groupId: string, topic: string): Promise<Map<number, bigint>> {
    const admin = await this.#connectedAdmin();
    const [offsets] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const known = (offsets?.partitions ?? []).map(({ partition, offset }): [number, bigint] => [
      partition,
      BigInt(offset),
    ]);
    return new Map(known.filter(([, offset]) => offset >= 0n));
  }

  #connectedAdmin(): Promise<Admin> {
    const connect = async (): Promise<Admin> => {
      const admin = this.#kafka.admin();
      await admin.connect();
      return admin;
    };
    this.#admin ??= connect().catch((thrown: unknown) => {
      this.#admin = undefined;
      throw kafkaFailure(thrown);
    });
    return this.#admin;
  }
}
