// The bare pipeline, process 4 of 4: replies from Kafka, one HTTP POST each. Environment: BROKERS, OUTBOUND, GRAPH_URL.
import { Kafka, logLevel } from 'kafkajs';
import { Pool } from 'undici';

const { BROKERS, OUTBOUND, GRAPH_URL } = process.env;
const pool = new Pool(GRAPH_URL, { connections: 128 });
const kafka = new Kafka({ clientId: 'sender', brokers: [BROKERS], logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: 'sender', maxWaitTimeInMs: 5 });

async function post({ value }) {
  const { number, to, text } = JSON.parse(value);
  const message = { messaging_product: 'whatsapp', to, type: 'text', text: { body: text } };
  const { body } = await pool.request({
    method: 'POST',
    path: `/v25.0/${number}/messages`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(message),
  });
  await body.dump();
}

await consumer.connect();
await consumer.subscribe({ topic: OUTBOUND, fromBeginning: true });
await consumer.run({
  partitionsConsumedConcurrently: 6,
  eachBatch: async ({ batch, resolveOffset, heartbeat, commitOffsetsIfNecessary }) => {
    await Promise.all(batch.messages.map(post));
    resolveOffset(batch.lastOffset());
    await heartbeat();
    await commitOffsetsIfNecessary();
  },
});
process.send?.('ready');
process.on('disconnect', () => process.exit(0));
