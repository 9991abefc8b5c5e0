import type { Admin, Kafka, KafkaMessage } from 'kafkajs';

/** What reading needs. */
export interface ReadHost {
  kafka: Kafka;
  admin(): Promise<Admin>;
}

/** Reads topics from their beginning to where they end now, with a group of its own that is removed afterwards. */
export async function readToEnd(
  host: ReadHost,
  topics: readonly string[],
  groupId: string,
  onMessage: (topic: string, partition: number, message: KafkaMessage) => void,
): Promise<void> {
  const open = new Map<string, bigint>();
  for (const topic of topics) {
    for (const { partition, low, high } of await (await host.admin()).fetchTopicOffsets(topic)) {
      if (BigInt(high) > BigInt(low)) open.set(`${topic}/${partition}`, BigInt(high));
    }
  }
  if (open.size === 0) return;
  const consumer = host.kafka.consumer({ groupId, maxWaitTimeInMs: 100, allowAutoTopicCreation: false });
  let done: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (done = resolve));
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    const eachMessage = async ({
      topic,
      partition,
      message,
    }: {
      topic: string;
      partition: number;
      message: KafkaMessage;
    }): Promise<void> => {
      const end = open.get(`${topic}/${partition}`);
      if (end === undefined) return;
      if (BigInt(message.offset) < end) onMessage(topic, partition, message);
      if (BigInt(message.offset) + 1n >= end) open.delete(`${topic}/${partition}`);
      if (open.size === 0) done();
    };
    await consumer.run({ autoCommit: false, eachMessage });
    await finished;
  } finally {
    await consumer.disconnect();
    await (await host.admin()).deleteGroups([groupId]).catch(() => undefined);
  }
}
