import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEventBus, kafkaOptions, topics, type EventBus } from '@parley/event-bus';
import type { Running } from '@parley/service';
import { createLogger } from '@parley/telemetry';
import { eventually, freePort, TestAuthority, testMasterKey, type TestDatabase } from '@parley/testing';
import { startService } from '../src/app.module.js';
import { parseConfig, PORT_OFFSET, type Config } from '../src/config.js';
import { gatewayDatabase } from './support/gateway.js';
import { send, textWebhook } from './support/webhook-client.js';

const LONG = 120_000;
const KAFKA = new URL('../../../tools/kafka/kafka.mjs', import.meta.url).href;
const SIGN_IN = { username: 'parley', password: 'a-password-of-the-brokers' };

interface Broker {
  signed: string;
  stop(this: void): Promise<void>;
}

let folder: string;
let broker: Broker;
let db: TestDatabase;
let gateway: Running;
let bus: EventBus;
let config: Config;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-gateway-tls-'));
  const authority = new TestAuthority();
  const { cert, key } = authority.issue({ commonName: 'broker', addresses: ['127.0.0.1'] });
  const { startKafka } = (await import(KAFKA)) as { startKafka: (options: object) => Promise<Broker> };
  broker = await startKafka({ secure: { ca: authority.cert, cert, key, ...SIGN_IN } });
  await writeFile(join(folder, 'ca.crt'), authority.cert);
  db = await gatewayDatabase();
  const ports = [await freePort(), await freePort(), await freePort()].map(String);
  config = parseConfig({
    ...{ GATEWAY_PORT: ports[0], GRPC_PORT_BASE: ports[1], OPS_PORT_BASE: ports[2], LOG_LEVEL: 'silent' },
    DATABASE_URL: db.adminUrl,
    PARLEY_MASTER_KEY: Buffer.alloc(32, 'parley-test-key').toString('base64'),
    KAFKA_BROKERS: broker.signed,
    KAFKA_SSL: 'on',
    KAFKA_SSL_CA_FILE: join(folder, 'ca.crt'),
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    KAFKA_SASL_USERNAME: SIGN_IN.username,
    KAFKA_SASL_PASSWORD: SIGN_IN.password,
  });
  gateway = await startService(config);
  const logger = createLogger('test', { level: 'silent' });
  const [database, kafka] = [db.database('gateway'), kafkaOptions(config)];
  bus = createEventBus({ database, kafka, service: 'test', masterKey: testMasterKey(), logger });
}, LONG);

afterAll(async () => {
  await bus?.close();
  await gateway?.close();
  await db?.close();
  await broker?.stop();
  await rm(folder, { recursive: true, force: true });
}, LONG);

describe('the gateway on a Kafka that wants TLS and a sign-in', () => {
  it('is ready, and takes webhooks in there', async () => {
    const ready = `http://127.0.0.1:${config.OPS_PORT_BASE + PORT_OFFSET}/health/ready`;
    const checks = async (): Promise<unknown> => ((await (await fetch(ready)).json()) as { checks: unknown }).checks;
    await eventually(async () => expect(await checks()).toMatchObject({ started: 'ok', 'event-bus': 'ok' }));
    const id = `wamid.${randomUUID()}`;
    await eventually(async () => expect((await send(config.GATEWAY_PORT, textWebhook(id))).status).toBe(200));
    const seen: string[] = [];
    await bus.subscribe({
      group: 'test',
      topic: topics.whatsappInbound,
      handle: (batch) => Promise.resolve(void seen.push(...batch.records.map((record) => record.id))),
    });
    await eventually(() => expect(seen).toContain(id));
  }, 120_000);
});
