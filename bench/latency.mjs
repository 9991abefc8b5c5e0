// Webhook in to Graph POST out, one message at a time: the time a customer waits when nothing else goes on.
import { setTimeout as sleep } from 'node:timers/promises';
import { percentiles, signedText, startGraph, startSystem } from './system.mjs';

export const help =
  'webhook in to Graph POST out, one at a time (BENCH_MESSAGES, default 300; on Kafka with KAFKA_BROKERS)';
const WARM_UP = 30;
// One customer each, so that the pair limit of 1 message per 6 s never counts.
const customer = (index) => `4917${String(600_000_000 + index)}`;

export async function run() {
  const messages = Number(process.env.BENCH_MESSAGES ?? 300);
  let arrived;
  const graph = await startGraph((_body, at) => arrived?.(at));
  const system = await startSystem({
    SIMULATOR: 'off',
    WHATSAPP_GRAPH_URL: graph.url,
    WHATSAPP_MESSAGES_PER_SECOND: '1000',
  });
  const times = [];
  try {
    for (let index = 0; index < WARM_UP + messages; index += 1) {
      const sent = new Promise((resolve) => (arrived = resolve));
      const request = signedText(customer(index), 'Track order 1234');
      const began = performance.now();
      const response = await fetch(`${system.gateway}/webhooks/whatsapp`, { method: 'POST', ...request });
      if (response.status !== 200) throw new Error(`The gateway answered ${response.status}.`);
      const at = await Promise.race([sent, sleep(10_000)]);
      if (at === undefined) throw new Error(`No reply within 10 s to message ${index}.`);
      if (index >= WARM_UP) times.push(at - began);
    }
  } finally {
    await system.stop();
    graph.stop();
  }
  const bus = process.env.KAFKA_BROKERS ? 'kafka' : 'embedded log';
  return [{ what: 'webhook in to Graph POST out, ms', bus, ...percentiles(times) }];
}
