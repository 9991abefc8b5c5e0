import { sharedBrokers } from './config.js';

/** A broker of a test's own (`tools/kafka/kafka.mjs`). */
export interface TestBroker {
  readonly brokers: string;
  /** With `secure`: the port that wants TLS, a name and a password, and the one that wants TLS and a certificate. */
  readonly signed?: string;
  readonly mutual?: string;
  stop(this: void): Promise<void>;
  /** Ends it as a crash does. */
  kill(this: void): Promise<void>;
}

/** What a broker's secured ports are made of, PEM, and who may sign in at them. */
export interface SecureBroker {
  ca: string;
  cert: string;
  key: string;
  username: string;
  password: string;
}

/** Starts a broker; resolves when it serves. */
export async function startBroker(options?: {
  port?: number;
  dataDir?: string;
  secure?: SecureBroker;
}): Promise<TestBroker> {
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
