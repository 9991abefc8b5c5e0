import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@parley/config';
import { AppError } from '@parley/errors';
import { TestAuthority, type TestCertificate, type TestDatabase } from '@parley/testing';
import { Recorder, records, textTopic } from '../src/contract-kit.contract.js';
import { BatchingPublisher, createEventBus, eventBusSettings, kafkaOptions, type EventBus } from '../src/index.js';
import { startBroker, type TestBroker } from './broker.js';
import { common, logDatabase } from './subject.js';

const LONG = 120_000;
const SECRET = 'hunter2-of-the-brokers';
const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'];

describe('Kafka behind TLS and a sign-in', () => {
  const authority = new TestAuthority();
  const stranger = new TestAuthority();
  let folder: string;
  let test: TestDatabase;
  let broker: TestBroker;
  const open: EventBus[] = [];

  const file = (name: string): string => join(folder, name);
  const keep = async (name: string, { cert, key }: TestCertificate): Promise<void> => {
    await writeFile(file(`${name}.crt`), cert);
    await writeFile(file(`${name}.key`), key);
  };

  /** A bus as a service with these settings has it. */
  const bus = (env: Record<string, string>): EventBus => {
    const kafka = kafkaOptions(loadConfig(eventBusSettings, env));
    const made = createEventBus({ ...common, database: test.database('alpha'), kafka });
    open.push(made);
    return made;
  };
  const signed = (more: Record<string, string> = {}): Record<string, string> => ({
    KAFKA_BROKERS: broker.signed ?? '',
    KAFKA_SSL: 'on',
    KAFKA_SSL_CA_FILE: file('ca.crt'),
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    KAFKA_SASL_USERNAME: 'parley',
    KAFKA_SASL_PASSWORD: SECRET,
    ...more,
  });
  const mutual = (name: string): Record<string, string> => ({
    KAFKA_BROKERS: broker.mutual ?? '',
    KAFKA_SSL: 'on',
    KAFKA_SSL_CA_FILE: file('ca.crt'),
    ...(name && { KAFKA_SSL_CERT_FILE: file(`${name}.crt`), KAFKA_SSL_KEY_FILE: file(`${name}.key`) }),
  });

  /** Records go there and come back, those of transactions and those of webhooks too. */
  async function works(env: Record<string, string>): Promise<void> {
    const topic = textTopic();
    const recorder = await new Recorder(topic).start(bus(env));
    const writer = bus(env);
    const intake = new BatchingPublisher(writer, { maxWaitMs: 2 });
    const sent = ['published', 'appended', 'taken'].flatMap((text) => records(topic, [text]));
    const [published, appended, taken] = sent.map((record) => [record]);
    await writer.publish(published ?? []);
    await recorder.sees(published ?? []);
    await test.database('alpha').transaction((tx) => writer.append(tx, appended ?? []));
    await recorder.sees(sent.slice(0, 2));
    await intake.publish(taken ?? []);
    await recorder.sees(sent);
    await intake.close();
  }

  /** What readiness says, and what a write fails with: neither hangs, and neither tells a secret. */
  async function fails(env: Record<string, string>): Promise<AppError> {
    const one = bus(env);
    const said = await one.ready().then(() => undefined, AppError.from);
    const write = await one.publish(records(textTopic(), ['x'])).then(() => undefined, AppError.from);
    for (const error of [said, write]) {
      for (let at: unknown = error; at instanceof Error; at = at.cause) expect(at.message).not.toContain(SECRET);
      expect(error).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    }
    return said as AppError;
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-kafka-tls-'));
    const { cert, key } = authority.issue({ commonName: 'broker', addresses: ['127.0.0.1'] });
    broker = await startBroker({ secure: { ca: authority.cert, cert, key, username: 'parley', password: SECRET } });
    await writeFile(file('ca.crt'), authority.cert);
    await writeFile(file('other-ca.crt'), stranger.cert);
    await keep('ours', authority.issue({ commonName: 'parley' }));
    await keep('theirs', stranger.issue({ commonName: 'parley' }));
    test = await logDatabase();
  }, LONG);
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  }, LONG);
  afterAll(async () => {
    await test?.close();
    await broker?.stop();
    await rm(folder, { recursive: true, force: true });
  }, LONG);

  it.each(MECHANISMS)(
    'carries records with TLS and %s',
    async (mechanism) => works(signed({ KAFKA_SASL_MECHANISM: mechanism })),
    LONG,
  );

  it(
    'carries records with a client certificate, and with a renewed one without a restart',
    async () => {
      await keep('renewed', stranger.issue({ commonName: 'parley' }));
      const one = bus(mutual('renewed'));
      await expect(one.ready()).rejects.toMatchObject({ reason: 'BUS.NO_ACCESS' });
      await keep('renewed', authority.issue({ commonName: 'parley' }));
      await expect(one.ready()).resolves.toBeUndefined();
      await works(mutual('ours'));
    },
    LONG,
  );

  it.each(MECHANISMS)(
    'names the settings of the sign-in when the password is wrong, with %s',
    async (mechanism) => {
      const { reason, message } = await fails(
        signed({ KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_PASSWORD: `${SECRET}-not` }),
      );
      expect(reason).toBe('BUS.NO_ACCESS');
      expect(message).toMatch(
        /refuse the sign-in: check KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD/,
      );
    },
    LONG,
  );

  it.each(['', 'other-ca.crt'])(
    'names KAFKA_SSL_CA_FILE when the CA of the brokers is not known (%s)',
    async (name) => {
      const { reason, message } = await fails(signed({ KAFKA_SSL_CA_FILE: name && file(name) }));
      expect(reason).toBe('BUS.NO_ACCESS');
      expect(message).toMatch(/not signed by a CA that is trusted here: set KAFKA_SSL_CA_FILE/);
    },
    LONG,
  );

  it(
    'names KAFKA_SSL when the brokers want TLS',
    async () => {
      const { reason, message } = await fails({ KAFKA_BROKERS: broker.signed ?? '' });
      expect(reason).toBe('BUS.NO_ACCESS');
      expect(message).toMatch(/want TLS: set KAFKA_SSL=on/);
    },
    LONG,
  );

  it(
    'says what may be wrong when the brokers speak no TLS, or want a sign-in',
    async () => {
      const plain = await fails({ KAFKA_BROKERS: broker.brokers, KAFKA_SSL: 'on' });
      expect(plain.message).toMatch(/do not speak TLS at this address.*KAFKA_SSL=off/);
      const unsigned = await fails(signed({ KAFKA_SASL_MECHANISM: 'none' }));
      expect(unsigned.message).toMatch(/may want TLS .* or a sign-in \(KAFKA_SASL_MECHANISM\)/);
    },
    LONG,
  );

  it.each(['', 'theirs'])(
    'names the settings of the client certificate when it is refused (%s)',
    async (name) => {
      const { reason, message } = await fails(mutual(name));
      expect(reason).toBe('BUS.NO_ACCESS');
      expect(message).toMatch(/check KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE/);
    },
    LONG,
  );

  it(
    'names the files when they hold nothing that can be used',
    async () => {
      await writeFile(file('torn.crt'), 'not a certificate');
      await writeFile(file('torn.key'), 'not a key');
      const { reason, message } = await fails(mutual('torn'));
      expect(reason).toBe('BUS.NO_ACCESS');
      expect(message).toMatch(/must be readable PEM files/);
    },
    LONG,
  );
});
