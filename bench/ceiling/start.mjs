// Starts the ceiling on a topic of its own, beside whatever else uses the broker.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { freePort } from '../../tools/ports.mjs';
import { SECRET } from '../support/webhooks.mjs';

/** As Parley makes its topics. */
const PARTITIONS = 6;
const TOPIC = 'bench.ceiling';

/** @returns {Promise<{ port: number, pid: number, stop(): void }>} */
export async function startCeiling(brokers) {
  const port = await freePort();
  const admin = new Kafka({ clientId: 'bench', brokers: [brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: PARTITIONS }], waitForLeaders: true });
  await admin.disconnect();
  const script = fileURLToPath(new URL('./server.mjs', import.meta.url));
  const env = { ...process.env, PORT: String(port), BROKERS: brokers, TOPIC, SECRET };
  // kafkajs reckons with a time that is long past, and Node says so.
  const child = fork(script, { env, execArgv: ['--disable-warning=TimeoutNegativeWarning'] });
  await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', () => reject(new Error('The ceiling ended at its start.')));
  });
  return { port, pid: child.pid, stop: () => child.kill() };
}
