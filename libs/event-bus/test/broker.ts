import { sharedBrokers } from './config.js';

/** A broker of a test's own (`tools/kafka/kafka.mjs`). */
export interface TestBroker {
  readonly brokers: string;
  stop(this: void): Promise<void>;
  /** Ends it as a crash does. */
  kill(this: void): Promise<void>;
}

/** Starts a broker; resolves when it serves. */
export async function startBroker(options?: { port?: number; dataDir?: string }): Promise<TestBroker> {
  const tool = new URL('../../../tools/kafka/kafka.mjs', import.meta.url).href;
  const { startKafka } = (await import(tool)) as { startKafka: (given?: typeof options) => Promise<TestBroker> };
  return startKafka(options);
}

/** Brokers for a spec file: those of the test run, or one of its own. */
export async function testBroker(): Promise<{ brokers: string[]; stop(this: void): Promise<void> }> {
  if (sharedBrokers.length > 0) return { brokers: sharedBrokers, stop: () => Promise.resolve() };
  const { brokers, stop } = await startBroker();
  return { brokers: [brokers], stop };
}
