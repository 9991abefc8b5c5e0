import { createLogger } from '@parley/telemetry';
import type { Admin, ITopicConfig } from 'kafkajs';
import { KafkaTopics } from './kafka-topics.js';

/** A cluster of some brokers that remembers its topics, and may forbid their making. */
function cluster(brokers: number, forbidden = false): { admin: () => Promise<Admin>; made: ITopicConfig[] } {
  const made: ITopicConfig[] = [];
  const admin = {
    listTopics: async () => made.map(({ topic }) => topic),
    describeCluster: async () => ({ brokers: Array.from({ length: brokers }, (_, nodeId) => ({ nodeId })) }),
    createTopics: async ({ topics }: { topics: ITopicConfig[] }) => {
      if (forbidden) throw Object.assign(new Error('no'), { errors: [{ type: 'TOPIC_AUTHORIZATION_FAILED' }] });
      made.push(...topics);
    },
    fetchTopicMetadata: async ({ topics }: { topics: string[] }) => ({
      topics: topics.map((name) => ({ name, partitions: made.find(({ topic }) => topic === name) ? [1, 2, 3] : [] })),
    }),
  };
  return { admin: async () => admin as unknown as Admin, made };
}

const silent = createLogger('test', { level: 'silent' });
const options = { brokers: ['b:9092'], ssl: false, partitions: 6, replication: 0 };

describe('KafkaTopics', () => {
  it('makes missing topics with their dead letters', async () => {
    const { admin, made } = cluster(1);
    const topics = new KafkaTopics(admin, options, silent);
    expect((await topics.partitions(['whatsapp.inbound'])).get('whatsapp.inbound')).toBe(3);
    expect(made.map(({ topic }) => topic)).toEqual(['whatsapp.inbound', 'whatsapp.inbound.dlq']);
    expect(made[0]).toMatchObject({ numPartitions: 6, replicationFactor: 1 });
    expect(made[0]?.configEntries).toContainEqual({ name: 'max.message.bytes', value: '8388608' });
    expect(made[0]?.configEntries).toContainEqual({ name: 'retention.ms', value: String(8 * 86_400_000) });
    expect(made[1]?.configEntries).toContainEqual({ name: 'retention.ms', value: String(30 * 86_400_000) });
  });

  it('wants two of three copies acknowledged where there are three brokers', async () => {
    const { admin, made } = cluster(5);
    await new KafkaTopics(admin, options, silent).partitions(['t']);
    expect(made[0]).toMatchObject({ replicationFactor: 3 });
    expect(made[0]?.configEntries).toContainEqual({ name: 'min.insync.replicas', value: '2' });
  });

  it('says the commands where a cluster forbids it', async () => {
    const { admin } = cluster(3, true);
    const lines: string[] = [];
    const logger = createLogger('test', { level: 'error', destination: { write: (line) => void lines.push(line) } });
    await expect(new KafkaTopics(admin, options, logger).partitions(['t'])).rejects.toThrow('no');
    const { commands, reasons } = JSON.parse(lines[0] ?? '{}') as { commands: string[]; reasons: string[] };
    expect(reasons).toEqual(['TOPIC_AUTHORIZATION_FAILED']);
    expect(commands).toHaveLength(2);
    expect(commands[0]).toMatch(
      /^kafka-topics\.sh --bootstrap-server b:9092 --create --topic t --partitions 6 --replication-factor 3 --config /,
    );
  });
});
