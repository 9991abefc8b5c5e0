// What this machine can take in at all: node:http, signature, micro-batched kafkajs with acks=all, no framework.
import { startCeiling } from './ceiling/start.mjs';
import { startCustomers } from './support/customers.mjs';
import { number, numbers } from './support/options.mjs';
import { startBroker } from './support/system.mjs';

export const help = 'bare node:http + HMAC + micro-batched kafkajs (acks=all), nothing of Parley: webhooks a second';
export const options = {
  seconds: number(8, 'length of each window'),
  connections: numbers([64, 200], 'connections, each with one request in flight'),
};
export const notes = ['Closed loop; 200 only after the broker has acknowledged. Latency in milliseconds.'];

export async function run({ seconds, connections }, say) {
  const broker = await startBroker('kafka');
  const customers = await startCustomers();
  const ceiling = await startCeiling(broker.brokers);
  const rows = [];
  try {
    await customers.flood({ port: ceiling.port, connections: 64, seconds: 3, run: 'wamid.warm' });
    for (const count of connections) {
      const result = await customers.flood({
        port: ceiling.port,
        connections: count,
        seconds,
        run: `wamid.ceiling${count}`,
      });
      say(`  ${count} connections: ${result.perSecond}/s`);
      const { accepted: _, count: answers, ...rest } = result;
      rows.push({
        connections: count,
        'webhooks/s': rest.perSecond,
        answers,
        p50: rest.p50,
        p99: rest.p99,
        refused: rest.refused,
      });
    }
  } finally {
    ceiling.stop();
    customers.stop();
    await broker.stop();
  }
  return rows;
}
