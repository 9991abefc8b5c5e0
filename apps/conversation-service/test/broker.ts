import { sharedBrokers } from './config.js';

interface Broker {
  brokers: string;
  stop(this: void): Promise<void>;
}

/** Brokers for a spec file: those of the test run, or one of its own. */
export async function testBroker(): Promise<{ brokers: string[]; stop(this: void): Promise<void> }> {
  if (sharedBrokers.length > 0) return { brokers: sharedBrokers, stop: () => Promise.resolve() };
  const tool = new URL('../../../tools/kafka/kafka.mjs', import.meta.url).href;
  const { startKafka } = (await import(tool)) as { startKafka: () => Promise<Broker> };
  const { brokers, stop } = await startKafka();
  return { brokers: [brokers], stop };
}
