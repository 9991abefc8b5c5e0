import { AppError } from '@parley/errors';
import type { Database, Tx } from '@parley/postgres';
import type { Logger } from '@parley/telemetry';
import { busMetrics, countPublished } from '../bus-metrics.js';
import { busClosed, unacknowledged } from '../errors.js';
import { EventBus, type OutgoingRecord, type SubscribeOptions, type Subscription } from '../event-bus.js';
import { partitionOf } from '../partitioner.js';
import type { PreparedRecord, RecordCodec } from '../record-codec.js';
import { topicsByName } from '../topics.js';
import { everyHour, keepSegments } from '../upkeep.js';
import { EmbeddedDeadLetters } from './embedded-dead-letters.js';
import { EmbeddedMember } from './embedded-member.js';
import { appendRecords, ensureTopics, GROUPS_CHANNEL, NEWS_CHANNEL } from './log-client.js';
import { Membership } from './membership.js';
import { Poller } from './poller.js';

/** What the embedded log is made of. */
export interface EmbeddedOptions {
  database: Database;
  codec: RecordCodec;
  logger: Logger;
  /** Partitions of topics that do not exist yet. */
  partitions?: number;
  /** More to do every hour. */
  chores?: readonly (() => Promise<void>)[];
}

const PUBLISH_TIMEOUT_MS = 5000;
/** Of topics that nobody says more about. */
const PARTITIONS = 6;

/** The event log on Postgres: partitioned, ordered, durable; schema `bus`. */
export class EmbeddedEventBus extends EventBus {
  readonly deadLetters: EmbeddedDeadLetters;
  readonly #partitions = new Map<string, number>();
  readonly #membership: Membership;
  readonly #poller: Poller;
  readonly #listening = new Map<string, Promise<{ close(): Promise<void> }>>();
  #stopUpkeep: (() => void) | undefined;
  #closed = false;

  constructor(private readonly options: EmbeddedOptions) {
    super();
    const { database, codec, logger } = options;
    this.deadLetters = new EmbeddedDeadLetters(database, codec, (records) => this.#write(database, records));
    this.#membership = new Membership(database, logger);
    this.#poller = new Poller(database, () => [...this.#membership.members], logger);
  }

  async publish(records: OutgoingRecord[]): Promise<void> {
    if (records.length === 0) return;
    const stop = busMetrics.publishSeconds.startTimer({ adapter: 'embedded' });
    const { codec, database } = this.options;
    await withinTime(codec.prepare(records).then((prepared) => this.#write(database, prepared)));
    stop();
  }

  laneOf(key: string, lanes: number): number {
    return this.options.codec.laneOf(key, this.options.partitions ?? PARTITIONS, lanes);
  }

  async append(tx: Tx, records: OutgoingRecord[]): Promise<void> {
    // A transaction holds a connection: if all wait for another one here, none ever goes on. So keys and topics are got
    // beforehand, by `ready` and `subscribe`.
    if (records.length > 0) await this.#write(tx, await this.options.codec.prepare(records));
  }

  async subscribe<M>(options: SubscribeOptions<M>): Promise<Subscription> {
    if (this.#closed) throw busClosed();
    const { codec, database, logger } = this.options;
    await this.#prepare();
    await this.#know([options.topic.name], database);
    await this.#listen(GROUPS_CHANNEL, (payload) => this.#groupChanged(payload));
    if (options.topic.urgent && !options.patienceMs) await this.#listen(NEWS_CHANNEL, (topic) => this.#news(topic));
    const member = new EmbeddedMember(
      { options, codec, logger },
      {
        db: database,
        deadLetters: this.deadLetters,
        wantRecords: () => this.#poller.room(),
        wantClaims: () => this.#membership.kick(),
        heartbeatOver: () => this.#membership.settled(),
        ended: (gone) => void this.#membership.members.delete(gone),
      },
    );
    this.#membership.members.add(member as unknown as EmbeddedMember<never>);
    this.#poller.start();
    this.#membership.kick();
    return member;
  }

  async ready(): Promise<void> {
    if (this.#closed) throw busClosed();
    await this.#prepare();
    await this.options.database.ping();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopUpkeep?.();
    await Promise.all([...this.#membership.members].map((member) => member.close()));
    await this.#membership.close();
    await this.#poller.close();
    await Promise.all([...this.#listening.values()].map(async (listening) => (await listening).close()));
  }

  async #write(tx: Tx, records: readonly PreparedRecord[]): Promise<void> {
    if (this.#closed) throw busClosed();
    const names = records.map(({ topic }) => topic);
    const known = await this.#know(names, tx);
    const placed = records.map((record) => {
      return { ...record, partition: partitionOf(record.key, known.get(record.topic) ?? 1) };
    });
    await appendRecords(tx, placed);
    const urgent = new Set(names.filter((name) => topicsByName.get(name)?.urgent));
    if (urgent.size > 0) {
      tx.afterCommit(() => {
        for (const topic of urgent) this.options.database.hint(NEWS_CHANNEL, topic);
      });
    }
    countPublished(names);
  }

  /** Gets what writing needs, once: segments, topics and keys. What a transaction had to make itself would hold up others. */
  async #prepare(): Promise<void> {
    const { codec, database, logger, chores = [] } = this.options;
    await this.#know([...topicsByName.keys()], database);
    await codec.prefetch();
    if (this.#stopUpkeep) return;
    await keepSegments(database, logger);
    if (!this.#closed) this.#stopUpkeep ??= everyHour([() => keepSegments(database, logger), ...chores], logger);
  }

  /** How many partitions topics have; those that do not exist yet are made. */
  async #know(topics: readonly string[], tx: Tx): Promise<ReadonlyMap<string, number>> {
    const unknown = topics.filter((topic) => !this.#partitions.has(topic));
    if (unknown.length === 0) return this.#partitions;
    const made = await ensureTopics(tx, [...new Set(unknown)], this.options.partitions ?? PARTITIONS);
    // What a transaction made may never be: it is remembered for this call only.
    if (tx !== this.options.database) return new Map([...this.#partitions, ...made]);
    for (const [topic, partitions] of made) this.#partitions.set(topic, partitions);
    return this.#partitions;
  }

  async #listen(channel: string, onNotify: (payload: string) => void): Promise<void> {
    const known = this.#listening.get(channel);
    const listening = known ?? this.options.database.listen(channel, onNotify);
    this.#listening.set(channel, listening);
    await listening;
  }

  #groupChanged(payload: string): void {
    if (payload === '') this.#membership.kick();
    else this.#membership.changed(payload.slice(2));
  }

  #news(topic: string): void {
    const mine = [...this.#membership.members].some((member) => !member.patienceMs && member.id.topic === topic);
    if (mine || topic === '') this.#poller.hint();
  }
}

async function withinTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unacknowledged()), PUBLISH_TIMEOUT_MS);
  });
  try {
    await Promise.race([work, late]);
  } catch (thrown) {
    const error = AppError.from(thrown);
    throw error.reason === 'POSTGRES.UNAVAILABLE' ? unacknowledged(error) : error;
  } finally {
    clearTimeout(timer);
  }
}
