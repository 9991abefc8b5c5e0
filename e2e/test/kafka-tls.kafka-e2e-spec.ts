import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestAuthority } from '@parley/testing';
import { command } from '../src/command.js';
import { Phone } from '../src/phone.js';
import { System } from '../src/system.js';

const MAYA = '+12125550101';
const SIGN_IN = { username: 'parley', password: 'a-password-of-the-brokers' };
const KAFKA = new URL('../../tools/kafka/kafka.mjs', import.meta.url).href;

interface Broker {
  signed: string;
  stop(this: void): Promise<void>;
}

describe('a whole system on a Kafka that wants TLS and a sign-in', () => {
  let folder: string;
  let broker: Broker;
  let system: System;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-e2e-kafka-tls-'));
    const authority = new TestAuthority();
    const { cert, key } = authority.issue({ commonName: 'broker', addresses: ['127.0.0.1'] });
    const { startKafka } = (await import(KAFKA)) as { startKafka: (options: object) => Promise<Broker> };
    broker = await startKafka({ secure: { ca: authority.cert, cert, key, ...SIGN_IN } });
    await writeFile(join(folder, 'ca.crt'), authority.cert);
    system = await System.start({
      KAFKA_BROKERS: broker.signed,
      KAFKA_SSL: 'on',
      KAFKA_SSL_CA_FILE: join(folder, 'ca.crt'),
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: SIGN_IN.username,
      KAFKA_SASL_PASSWORD: SIGN_IN.password,
    });
  }, 240_000);
  afterAll(async () => {
    await system?.dispose();
    await broker?.stop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it('answers a customer', async () => {
    const { text } = await new Phone(system.simulatorUrl, MAYA).ask('Track order 1234');
    expect(text).toMatch(/Your order 1234 will arrive (today|tomorrow) by 4 PM/);
  }, 60_000);

  it('lets the commands in too, and says the settings to look at when they have the wrong password', async () => {
    expect(await command(system, 'dlq', 'list')).toMatchObject({ code: 0 });
    const wrong = await command({ env: { ...system.env, KAFKA_SASL_PASSWORD: 'hunter2' } }, 'dlq', 'list');
    expect(wrong.code).not.toBe(0);
    expect(wrong.output).toMatch(/KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD/);
    expect(wrong.output).not.toMatch(/hunter2/);
  }, 60_000);
});
