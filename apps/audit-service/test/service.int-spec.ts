import 'reflect-metadata';
import { loadConfig } from '@parley/config';
import { audit, common, events } from '@parley/contracts';
import { busSchema, createEventBus, topics, type EventBus, type OutgoingRecord } from '@parley/event-bus';
import { grpcClient, type Promised } from '@parley/grpc';
import { MasterKey, type ServiceSchema } from '@parley/postgres';
import { createLogger } from '@parley/telemetry';
import { eventually, freePort, oldMarksGone, plantOldMarks, testDatabase, type TestDatabase } from '@parley/testing';
import { startService } from '../src/app.module.js';
import { configSchema } from '../src/config.js';
import { migrations } from '../src/migrations/index.js';

const SCHEMA: ServiceSchema = { name: 'audit-service', schema: 'audit', role: 'parley_audit', migrations };
const MASTER_KEY = Buffer.alloc(32, 3).toString('base64');
const AT = new Date('2026-11-22T10:00:00Z');
const contact = common.WhatsAppIdentity.fromPartial({ phoneNumberId: '1066', waId: '4917012345678', userId: 'DE.99' });
const KEY = '1066:DE.99';

let database: TestDatabase;
let client: Promised<audit.AuditServiceClient>;
let bus: EventBus;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  database = await testDatabase([busSchema, SCHEMA]);
  await plantOldMarks(database.database('audit'), 'inbox');
  const [grpc, ops] = [await freePort(), await freePort()];
  const config = loadConfig(configSchema, {
    DATABASE_URL: database.adminUrl,
    GRPC_PORT_BASE: String(grpc - 6),
    OPS_PORT_BASE: String(ops - 6),
    PARLEY_MASTER_KEY: MASTER_KEY,
  });
  const service = await startService(config);
  client = grpcClient(audit.AuditServiceClient, `127.0.0.1:${grpc}`, { deadlineMs: 10_000 });
  const masterKey = MasterKey.fromText(MASTER_KEY);
  const logger = createLogger('test', { level: 'silent' });
  bus = createEventBus({ database: database.database('audit', 'test'), service: 'test', masterKey, logger });
  closers.push(
    () => client.close(),
    () => bus.close(),
    () => service.close(),
  );
});

afterAll(async () => {
  for (const close of closers) await close();
  await database?.close();
});

function oneOfEach(): OutgoingRecord<never>[] {
  const said = { occurredAt: AT, contact, conversationId: 'c1', orderNumber: '1234' };
  const text = {
    $case: 'messageRecorded',
    value: events.MessageRecorded.fromPartial({ messageId: 'wamid.1', text: 'Track order 1234' }),
  };
  const request = { sendId: 'send.1', recipient: contact, conversationId: 'c1', requestedAt: AT };
  const records = [
    [
      topics.whatsappInbound,
      events.WebhookItemReceived.fromPartial({ itemId: 'wamid.1', field: 'messages', contact, sentAt: AT }),
    ],
    [
      topics.whatsappStatus,
      events.MessageStatusReceived.fromPartial({ messageId: 'wamid.2', recipient: contact, status: 'read' }),
    ],
    [topics.whatsappOutbound, events.MessageRequested.fromPartial(request)],
    [topics.whatsappOutboundBulk, events.MessageRequested.fromPartial({ ...request, sendId: 'send.2' })],
    [topics.conversationEvents, { ...events.ConversationEvent.fromPartial(said), event: text }],
    [topics.consentEvents, events.ConsentChanged.fromPartial({ entryId: 'e1', contact, purpose: 'all' })],
    [topics.businessEvents, events.BusinessEvent.fromPartial({ kind: 'order_shipped', number: '1234' })],
    [topics.auditEvents, events.AuditEvidenceRecorded.fromPartial({ operation: 'graph.messages', contactKey: KEY })],
  ] as const;
  return records.map(([topic, value], n) => ({ topic, key: KEY, value, id: `record.${n}` })) as OutgoingRecord<never>[];
}

const actions = ({ entries }: audit.QueryResponse): string[] => entries.map(({ action }) => action).sort();
const query = (over: Partial<audit.QueryRequest>) => client.query(audit.QueryRequest.fromPartial(over));

describe('audit-service', () => {
  it('keeps one entry of each record of each topic, however often it is delivered', async () => {
    await bus.publish(oneOfEach());
    await bus.publish(oneOfEach());
    await eventually(async () => {
      expect(actions(await query({ customer: '+49 170 1234 5678' }))).toEqual([
        ...['consent_withdrawn', 'graph.messages', 'message_received', 'message_recorded'],
        ...['message_requested', 'message_requested', 'status_received'],
      ]);
    });
    await eventually(async () =>
      expect(actions(await query({ order: '#1234' }))).toEqual(['message_recorded', 'order_shipped']),
    );
    expect(actions(await query({ session: 'c1' }))).toHaveLength(3);
    const { entries } = await query({ requestId: 'wamid.1', order: '1234' });
    expect(entries).toMatchObject([
      { content: 'Track order 1234', requestIds: ['wamid.1'], topic: 'conversation.events' },
    ]);
  });

  it('says that all of it is whole', async () => {
    await eventually(async () => {
      const { chains, entries, problems } = await client.verify({ chain: '' });
      expect({ chains, entries, problems }).toEqual({ chains: 8, entries: 8n, problems: [] });
    });
  });

  it('answers a bad question with a stable reason', async () => {
    await expect(query({})).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'AUDIT.NOTHING_ASKED' });
    await expect(client.verify({ chain: '../x' })).rejects.toMatchObject({ reason: 'AUDIT.BAD_CHAIN' });
  });

  it('removes marks that nobody repeats any more', async () => {
    await oldMarksGone(database.database('audit'), 'inbox');
  });
});
