// Reads a topic from its beginning to its end and says which ids are on it, on either engine.
import { Kafka, logLevel } from 'kafkajs';

const TOPIC = 'whatsapp.inbound';
const IDS = 'select id from bus.records where topic = $1 and id like $2';

async function onKafka(brokers, take) {
  const kafka = new Kafka({ clientId: 'bench', brokers: [brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(TOPIC);
  await admin.disconnect();
  const open = new Map(
    ends.filter(({ high, low }) => high !== low).map(({ partition, high }) => [partition, BigInt(high)]),
  );
  if (open.size === 0) return;
  const consumer = kafka.consumer({ groupId: `bench-${Date.now()}`, maxBytesPerPartition: 4_000_000 });
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
  await new Promise((resolve, reject) => {
    consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
    consumer
      .run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          for (const { headers } of batch.messages) take(String(headers.ce_id));
          if (BigInt(batch.lastOffset()) + 1n >= (open.get(batch.partition) ?? 0n)) open.delete(batch.partition);
          if (open.size === 0) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
}

/**
 * How often each serial of a run (ids `<run>.<serial>`) is on whatsapp.inbound.
 * @returns {Promise<Map<number, number>>}
 */
export async function serialsOnTopic(system, run) {
  const found = new Map();
  const take = (id) => {
    if (!id.startsWith(`${run}.`)) return;
    const serial = Number(id.slice(run.length + 1));
    found.set(serial, (found.get(serial) ?? 0) + 1);
  };
  if (system.broker) {
    await onKafka(system.broker.brokers, take);
    return found;
  }
  const database = await system.database();
  const { rows } = await database.query(IDS, [TOPIC, `${run}.%`]);
  for (const { id } of rows) take(id);
  await database.end();
  return found;
}
