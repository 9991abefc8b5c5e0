import { startKafka } from '../../../tools/kafka/kafka.mjs';
import { sharedBrokers } from './config.js';

/** A broker for a spec file: the one of the test run, or one of its own. */
export async function testBroker(): Promise<{ brokers: string[]; stop(): Promise<void> }> {
  if (sharedBrokers.length > 0) return { brokers: sharedBrokers, stop: () => Promise.resolve() };
  const { broker, stop } = await startKafka();
  return { brokers: [broker], stop };
}
