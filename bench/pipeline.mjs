// The same job without framework and features: what the machine could do. Four plain processes, Kafka, Postgres.
import { attempt } from './support/held.mjs';
import { number, numbers } from './support/options.mjs';
import { startCustomers } from './support/customers.mjs';
import { startPipeline } from './pipeline/start.mjs';

export const help =
  'the bare pipeline: webhook, Kafka, two gRPC calls, one transaction, Kafka, HTTP POST, and no features';
export const options = {
  rates: numbers([80, 1000, 2000, 4000], 'messages a second, each for --seconds'),
  seconds: number(8, 'length of each window'),
};
export const notes = [
  'Signed webhook -> Kafka -> ParseBatch + GetOrders -> one transaction (inbox, state, outbox) -> Kafka -> HTTP POST; acks=all, synchronous commit, open loop, latency in milliseconds from the moment a message was due.',
  'No statuses, consent, CRM, audit, encryption, traces, limits or retries: not a target, a measure of what those cost.',
];

export async function run({ rates, seconds }, say) {
  const customers = await startCustomers({ numbers: 3, customers: 20_000, statuses: 0 });
  const rows = [];
  let pipeline;
  try {
    pipeline = await startPipeline(customers.graphUrl);
    await customers.target(pipeline.port);
    await customers.offer({ rate: 100, seconds: 4 });
    for (const rate of rates) {
      const { replies, refused, unanswered, uncalled, steady } = await attempt(customers, rate, seconds, say);
      const { p50, p99, 'p99.9': p999, max, count } = replies;
      const found = { p50, p99, 'p99.9': p999, max, refused, unanswered, twice: uncalled };
      rows.push({ 'rate/s': rate, replies: count, ...found, steady: steady ? 'yes' : 'no' });
    }
  } finally {
    await pipeline?.stop();
    customers.stop();
  }
  return rows;
}
