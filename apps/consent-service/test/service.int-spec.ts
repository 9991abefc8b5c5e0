import 'reflect-metadata';
import { loadConfig } from '@parley/config';
import { common, consent, events } from '@parley/contracts';
import { busSchema, createEventBus, topics, type EventBus } from '@parley/event-bus';
import { grpcClient, type Promised } from '@parley/grpc';
import { MasterKey, type ServiceSchema } from '@parley/postgres';
import { createLogger } from '@parley/telemetry';
import { eventually, freePort, oldMarksGone, plantOldMarks, testDatabase, type TestDatabase } from '@parley/testing';
import { startService } from '../src/app.module.js';
import { configSchema } from '../src/config.js';
import { migrations } from '../src/migrations/index.js';

const SCHEMA: ServiceSchema = { name: 'consent-service', schema: 'consent', role: 'parley_consent', migrations };
const MASTER_KEY = Buffer.alloc(32, 9).toString('base64');
const AT = new Date('2026-11-22T10:00:00Z');
const contact = common.WhatsAppIdentity.fromPartial({ phoneNumberId: '1066', waId: '4917012345678', userId: 'DE.99' });

let database: TestDatabase;
let service: { close(): Promise<void> };
let client: Promised<consent.ConsentServiceClient>;
let bus: EventBus;
let ops: number;
const heard: events.ConsentChanged[] = [];

beforeAll(async () => {
  database = await testDatabase([busSchema, SCHEMA]);
  await plantOldMarks(database.database('consent'), 'inbox');
  const [grpc, opsPort] = [await freePort(), await freePort()];
  ops = opsPort;
  const config = loadConfig(configSchema, {
    DATABASE_URL: database.adminUrl,
    GRPC_PORT_BASE: String(grpc - 5),
    OPS_PORT_BASE: String(ops - 5),
    PARLEY_MASTER_KEY: MASTER_KEY,
  });
  service = await startService(config);
  client = grpcClient(consent.ConsentServiceClient, `127.0.0.1:${grpc}`);
  const logger = createLogger('test', { level: 'silent' });
  const masterKey = MasterKey.fromText(MASTER_KEY);
  bus = createEventBus({ database: database.database('consent', 'test'), service: 'test', masterKey, logger });
  await bus.subscribe({
    group: 'test',
    topic: topics.consentEvents,
    handle: async ({ records }) => void heard.push(...records.map(({ value }) => value)),
  });
});

afterAll(async () => {
  client?.close();
  await bus?.close();
  await service?.close();
  await database?.close();
});

function inbound(itemId: string, body: string): Promise<void> {
  const content = { $case: 'text', value: { body } } as const;
  const base = { itemId, field: 'messages', type: 'text', contact, sentAt: AT, receivedAt: AT };
  const value = events.WebhookItemReceived.fromPartial({ ...base, content });
  return bus.publish([{ topic: topics.whatsappInbound, key: '1066:DE.99', value, id: itemId }]);
}

describe('consent-service', () => {
  it('is ready when it has started', async () => {
    const response = await fetch(`http://127.0.0.1:${ops}/health/ready`);
    expect(await response.json()).toEqual({
      status: 'ok',
      checks: { started: 'ok', database: 'ok', vault: 'ok', 'event-bus': 'ok' },
    });
  });

  it('takes a yes by call, a STOP from the log, and answers Check accordingly', async () => {
    const before = await client.check({ contact, purpose: 'marketing' });
    expect(before).toEqual({ allowed: false, reason: 'no-entry', entryId: '' });
    const yes = {
      purpose: 'marketing',
      granted: true,
      source: 'import',
      evidenceRef: 'form-7',
      idempotencyKey: 'form-7',
    };
    const recorded = await client.record({ contact, at: new Date(AT.getTime() - 60_000), ...yes });
    expect(recorded).toMatchObject({ created: true, changed: true });
    expect(await client.check({ contact, purpose: 'marketing' })).toMatchObject({ allowed: true, reason: 'granted' });

    await inbound('wamid.stop', 'Stop.');
    await inbound('wamid.stop', 'Stop.');
    const byPhone = { ...contact, userId: '' };
    await eventually(async () => {
      expect(await client.check({ contact: byPhone, purpose: 'utility' })).toMatchObject({ reason: 'withdrawn' });
    });
    expect(await client.check({ contact, purpose: 'marketing' })).toMatchObject({
      allowed: false,
      reason: 'withdrawn',
    });

    const again = await client.record({
      ...{ contact, purpose: 'all', granted: false, at: AT, source: 'flow', evidenceRef: '' },
      idempotencyKey: 'wamid.stop',
    });
    expect(again).toMatchObject({ created: false, changed: false });
    const { entries } = await client.listEntries({ contact });
    expect(entries.map(({ source, at }) => [source, at])).toEqual([
      ['import', new Date(AT.getTime() - 60_000)],
      ['stop-word', AT],
    ]);
  });

  it('announced the two changes, and no more', async () => {
    await eventually(() => expect(heard).toHaveLength(2));
    expect(heard.map(({ source, granted, contact: who }) => [source, granted, who?.waId])).toEqual([
      ['import', true, contact.waId],
      ['stop-word', false, contact.waId],
    ]);
  });

  it('answers a bad request with a stable reason', async () => {
    const unknown = client.check({ contact, purpose: 'poetry' });
    await expect(unknown).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'CONSENT.PURPOSE_UNKNOWN' });
    const nobody = client.listEntries({ contact: undefined });
    await expect(nobody).rejects.toMatchObject({ reason: 'CONSENT.NO_CONTACT' });
  });

  it('removes marks that nobody repeats any more', async () => {
    await oldMarksGone(database.database('consent'), 'inbox');
  });
});
