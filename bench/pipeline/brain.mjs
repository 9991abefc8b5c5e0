// The bare pipeline, process 2 of 4: a batch from Kafka, two batch calls, one transaction (inbox, state, outbox), and what the
// outbox holds to Kafka. Environment: BROKERS, INBOUND, OUTBOUND, DATABASE_URL, GRPC_PORT.
import { credentials } from '@grpc/grpc-js';
import { erp, intent } from '@parley/contracts';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';

const { BROKERS, INBOUND, OUTBOUND, DATABASE_URL, GRPC_PORT } = process.env;
const BATCH = 500;
const address = `127.0.0.1:${GRPC_PORT}`;
const intents = new intent.IntentServiceClient(address, credentials.createInsecure());
const orders = new erp.ErpServiceClient(address, credentials.createInsecure());
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 6 });
const kafka = new Kafka({ clientId: 'brain', brokers: [BROKERS], logLevel: logLevel.NOTHING });
const producer = kafka.producer({ maxInFlightRequests: 3 });
const consumer = kafka.consumer({ groupId: 'brain', maxWaitTimeInMs: 5 });

const call = (client, method, request) =>
  new Promise((resolve, reject) =>
    client[method](request, (error, answer) => (error ? reject(error) : resolve(answer))),
  );

const INBOX = 'insert into inbox (id) select unnest($1::text[]) on conflict do nothing returning id';
const STATE = `insert into conversations (key, replies) select k, 1 from unnest($1::text[]) k group by k
  on conflict (key) do update set replies = conversations.replies + 1`;
const OUTBOX = `insert into outbox (key, value) select * from unnest($1::text[], $2::text[]) returning id`;

async function understand(items) {
  const requests = items.map(({ text }) => ({ text }));
  const { responses } = await call(intents, 'parseBatch', intent.ParseBatchRequest.fromPartial({ requests }));
  const queries = responses.map(({ entities }) => ({ number: entities[0]?.value ?? '', customerIds: ['any'] }));
  const { results } = await call(orders, 'getOrders', erp.GetOrdersRequest.fromPartial({ queries }));
  return items.map((item, index) => ({
    key: item.key,
    value: JSON.stringify({
      number: item.number,
      to: item.from,
      text: `Your order ${results[index]?.order?.number} will arrive today by 4 PM.`,
    }),
  }));
}

/** Marks, states and replies in one transaction. @returns ids in the outbox */
async function commit(client, items, replies) {
  await client.query('begin');
  const { rows } = await client.query({ name: 'inbox', text: INBOX, values: [items.map(({ id }) => id)] });
  const fresh = new Set(rows.map(({ id }) => id));
  const kept = replies.filter((_, index) => fresh.has(items[index].id));
  const keys = kept.map(({ key }) => key).sort();
  await client.query({ name: 'state', text: STATE, values: [keys] });
  const values = [kept.map(({ key }) => key), kept.map(({ value }) => value)];
  const stored = await client.query({ name: 'outbox', text: OUTBOX, values });
  await client.query('commit');
  return { kept, ids: stored.rows.map(({ id }) => id) };
}

async function handle(messages) {
  const items = messages.map(({ key, value }) => {
    const {
      metadata,
      messages: [message],
    } = JSON.parse(value).entry[0].changes[0].value;
    const { id, from, text } = message;
    return { key: String(key), number: metadata.phone_number_id, id, from, text: text.body };
  });
  const replies = await understand(items);
  const client = await pool.connect();
  try {
    const { kept, ids } = await commit(client, items, replies);
    if (kept.length > 0) await producer.send({ topic: OUTBOUND, acks: -1, messages: kept });
    await client.query({ name: 'sent', text: 'delete from outbox where id = any($1)', values: [ids] });
  } finally {
    client.release();
  }
}

await producer.connect();
await consumer.connect();
await consumer.subscribe({ topic: INBOUND, fromBeginning: true });
await consumer.run({
  autoCommit: true,
  partitionsConsumedConcurrently: 6,
  eachBatch: async ({ batch, resolveOffset, heartbeat, commitOffsetsIfNecessary }) => {
    for (let from = 0; from < batch.messages.length; from += BATCH) {
      const part = batch.messages.slice(from, from + BATCH);
      await handle(part);
      resolveOffset(part.at(-1).offset);
      await heartbeat();
    }
    await commitOffsetsIfNecessary();
  },
});
process.send?.('ready');
process.on('disconnect', () => process.exit(0));
