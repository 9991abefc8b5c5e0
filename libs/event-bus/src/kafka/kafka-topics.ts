import { BackOff } from '@parley/resilience';
import type { Logger } from '@parley/telemetry';
import type { Admin, ITopicConfig, ITopicMetadata } from 'kafkajs';
import { DEAD_LETTER_DAYS, RETENTION_DAYS } from '../retention.js';
import type { KafkaOptions } from '../settings.js';
import { deadLetterTopic } from '../topics.js';
import { kafkaErrorType } from './kafka-client.js';

const DAY_MS = 86_400_000;
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
/** Where that many copies are kept, two must have a record before it is acknowledged. */
const SAFE_REPLICATION = 3;

const NOT_YET = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE']);
const KNOWN_WITHIN_MS = 5000;

interface Created {
  message?: string;
  errors?: { type?: string; topic?: string }[];
}

function configOf(topic: string, options: KafkaOptions, replication: number): ITopicConfig {
  const days = topic.endsWith('.dlq') ? DEAD_LETTER_DAYS : RETENTION_DAYS;
  const config = {
    'cleanup.policy': 'delete',
    'retention.ms': String(days * DAY_MS),
    'max.message.bytes': String(MAX_MESSAGE_BYTES),
    ...(replication >= SAFE_REPLICATION ? { 'min.insync.replicas': '2' } : {}),
  };
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  return { topic, numPartitions: options.partitions, replicationFactor: replication, configEntries };
}

/** What an administrator types where services may not make topics. */
function commandFor(
  { topic, numPartitions, replicationFactor, configEntries = [] }: ITopicConfig,
  broker: string,
): string {
  const config = configEntries.map(({ name, value }) => `--config ${name}=${value}`).join(' ');
  return `kafka-topics.sh --bootstrap-server ${broker} --create --topic ${topic} --partitions ${numPartitions} --replication-factor ${replicationFactor} ${config}`;
}

/** The topics of the cluster: makes those that are missing and knows how many partitions each has. */
export class KafkaTopics {
  readonly #partitions = new Map<string, number>();

  constructor(
    private readonly admin: () => Promise<Admin>,
    private readonly options: KafkaOptions,
    private readonly logger: Logger,
  ) {}

  /** Partitions of these topics, which are made (with their dead letters) if need be. */
  async partitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const unknown = [...new Set(topics.filter((topic) => !this.#partitions.has(topic)))];
    if (unknown.length > 0) await this.#learn(unknown);
    return this.#partitions;
  }

  async #learn(topics: readonly string[]): Promise<void> {
    const admin = await this.admin();
    const wanted = topics.flatMap((topic) => (topic.endsWith('.dlq') ? [topic] : [topic, deadLetterTopic(topic)]));
    const existing = new Set(await admin.listTopics());
    const missing = wanted.filter((topic) => !existing.has(topic));
    if (missing.length > 0) await this.#make(admin, missing);
    const metadata = await this.#metadata(admin, wanted);
    for (const { name, partitions } of metadata) this.#partitions.set(name, partitions.length);
  }

  /** What was just made is not known to every broker at once. */
  async #metadata(admin: Admin, topics: string[]): Promise<ITopicMetadata[]> {
    const backOff = new BackOff(50, 500);
    const limit = Date.now() + KNOWN_WITHIN_MS;
    for (;;) {
      try {
        return (await admin.fetchTopicMetadata({ topics })).topics;
      } catch (thrown) {
        if (!NOT_YET.has(kafkaErrorType(thrown) ?? '') || Date.now() > limit) throw thrown;
        await backOff.wait();
      }
    }
  }

  async #make(admin: Admin, missing: readonly string[]): Promise<void> {
    const { brokers } = await admin.describeCluster();
    const replication = this.options.replication || Math.min(SAFE_REPLICATION, brokers.length);
    const topics = missing.map((topic) => configOf(topic, this.options, replication));
    try {
      await admin.createTopics({ topics, waitForLeaders: true });
    } catch (thrown) {
      const types = ((thrown as Created).errors ?? [{ type: kafkaErrorType(thrown) }]).map(({ type }) => type);
      // Made, or being made, by another service at the same time.
      if (types.every((type) => type === 'TOPIC_ALREADY_EXISTS' || NOT_YET.has(type ?? ''))) return;
      const commands = topics.map((topic) => commandFor(topic, this.options.brokers[0] ?? 'broker:9092'));
      this.logger.error(
        { reasons: [...new Set(types)], commands },
        'Topics are missing and could not be made; make them with these commands',
      );
      throw thrown;
    }
  }
}
