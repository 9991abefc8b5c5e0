import { conversation, erp, events } from '@parley/contracts';
import { createEventBus, type EventBus } from '@parley/event-bus';
import { grpcClient, type Promised } from '@parley/grpc';
import { createLogger } from '@parley/telemetry';
import { eventually, freePort, oldMarksGone, plantOldMarks, testMasterKey, type TestDatabase } from '@parley/testing';
import { startService } from '../src/app.module.js';
import { configSchema, type Config } from '../src/config.js';
import { startNeighbours } from './neighbours.js';
import { conversationDatabase, listen, NUMBER, said } from './subject.js';

const MASTER_KEY = Buffer.alloc(32, 'parley-test-key').toString('base64');

describe('the service', () => {
  let database: TestDatabase;
  let neighbours: Awaited<ReturnType<typeof startNeighbours>>;
  let service: Awaited<ReturnType<typeof startService>>;
  let bus: EventBus;
  let desk: Promised<conversation.ConversationServiceClient>;
  let opsUrl: string;
  let left: Awaited<ReturnType<typeof listen>>;
  const now = new Date();

  beforeAll(async () => {
    database = await conversationDatabase();
    await plantOldMarks(database.database('conversation'), 'inbox');
    const tomorrow = new Date(now.getTime() + 86_400_000);
    neighbours = await startNeighbours({
      customer: { id: 'c1', name: 'Ada Lovelace', phone: '+4917012', language: 'en' },
      order: {
        number: '1234',
        customerId: 'c1',
        status: erp.OrderStatus.OUT_FOR_DELIVERY,
        shipments: [{ ...erp.Shipment.fromPartial({}), estimatedDelivery: tomorrow }],
      },
    });
    const [grpcPort, opsPort] = [await freePort(), await freePort()];
    const { address } = neighbours;
    opsUrl = `http://127.0.0.1:${opsPort}`;
    const config: Config = {
      GRPC_PORT_BASE: grpcPort - 1,
      OPS_PORT_BASE: opsPort - 1,
      LISTEN_HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      GRPC_TLS_CA_FILE: undefined,
      GRPC_TLS_CERT_FILE: undefined,
      GRPC_TLS_KEY_FILE: undefined,
      GRPC_TLS_CALLERS: [],
      GRPC_ALLOW_PLAINTEXT: false,
      CONVERSATION_DATABASE_URL: undefined,
      DATABASE_URL: database.adminUrl,
      DATABASE_ALLOW_PLAINTEXT: false,
      VAULT_DATABASE_URL: undefined,
      PARLEY_MASTER_KEY: MASTER_KEY,
      PARLEY_MASTER_KEY_FILE: undefined,
      WHATSAPP_PHONE_NUMBER_ID: [NUMBER],
      PARLEY_TIME_ZONE: 'Europe/Berlin',
      CONTENT_DIR: configSchema.CONTENT_DIR.fallback!,
      INTENT_GRPC_URL: address,
      CRM_GRPC_URL: address,
      ERP_GRPC_URL: address,
      CONSENT_GRPC_URL: address,
      KAFKA_BROKERS: [],
      KAFKA_SSL: false,
      KAFKA_ALLOW_PLAINTEXT: false,
      KAFKA_SSL_CA_FILE: undefined,
      KAFKA_SSL_CERT_FILE: undefined,
      KAFKA_SSL_KEY_FILE: undefined,
      KAFKA_SASL_MECHANISM: 'none',
      KAFKA_SASL_USERNAME: undefined,
      KAFKA_SASL_PASSWORD: undefined,
      KAFKA_PARTITIONS: 6,
      KAFKA_REPLICATION: 0,
    };
    service = await startService(config);
    const logger = createLogger('test', { level: 'silent' });
    bus = createEventBus({
      database: database.database('conversation'),
      service: 'gateway',
      masterKey: testMasterKey(),
      logger,
    });
    desk = grpcClient(conversation.ConversationServiceClient, `127.0.0.1:${grpcPort}`);
    left = await listen(bus, 'test');
  }, 30_000);

  afterAll(async () => {
    desk.close();
    await service.close();
    await bus.close();
    neighbours.stop();
    await database.close();
  });

  const say = (id: string, text: string): Promise<void> =>
    bus.publish([said({ id, text, waId: '4917012', sentAt: new Date(now.getTime() - 1000) })]);
  const bodies = (): unknown[] => left.sends.map(({ content }) => (content as { value: { body: string } }).value.body);
  const find = async (): Promise<conversation.Conversation> =>
    (await desk.getByPhone({ phone: '+49 170 12', phoneNumberId: '' })).conversation!;

  it('answers by the content, with what the other systems say', async () => {
    await say('wamid.1', 'Track order 1234');
    await eventually(() => expect(left.sends).toHaveLength(1));
    expect(bodies()[0]).toMatch(/Your order 1234 will arrive tomorrow/);
    expect(left.sends[0]).toMatchObject({ decidedBy: 'track-order@1/answer', language: 'en' });
    expect(neighbours.calls).toEqual(['findCustomers', 'parseBatch', 'getOrders']);
    const kinds = (): (string | undefined)[] => left.facts.map(({ event }) => event?.$case);
    const told = ['messageRecorded', 'intentUnderstood', 'callMade', 'messageRecorded'];
    await eventually(() => expect(kinds()).toEqual(told));
    expect(left.facts.at(-1)).toMatchObject({ customerId: 'c1', flow: 'track-order@1', orderNumber: '1234' });
    expect(await find()).toMatchObject({ customerId: 'c1', displayName: 'Ada Lovelace', intent: 'track_order' });
  });

  it('lets an agent take over, write and hand back, and tells who watches', async () => {
    const { id } = await find();
    const heard: string[] = [];
    const watching = desk.raw.watchConversations({});
    watching.on('data', ({ conversationId }: conversation.WatchConversationsResponse) => heard.push(conversationId));
    watching.on('error', () => undefined);
    await eventually(() => expect(heard).toEqual(['']));
    const taken = await desk.takeOver({ conversationId: id, agentId: 'a1' });
    expect(taken.conversation).toMatchObject({ state: events.ConversationState.HUMAN, agentId: 'a1' });
    await eventually(() => expect(heard).toContain(id));
    await say('wamid.2', 'are you a human?');
    await eventually(async () => expect((await find()).unread).toBe(1));
    const reply = { conversationId: id, agentId: 'a1', text: 'I am.', idempotencyKey: 'k1' };
    const { sendId } = await desk.reply(reply);
    expect(await desk.reply(reply)).toEqual({ sendId });
    await expect(desk.reply({ ...reply, agentId: 'a2', idempotencyKey: 'k2' })).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'CONVERSATION.NOT_TAKEN',
    });
    await eventually(() => expect(bodies()).toContain('I am.'));
    const { transcript } = await desk.getConversation({ conversationId: id, limit: 0 });
    expect(transcript.map(({ author }) => author)).toEqual([1, 2, 1, 3]);
    expect(
      (await desk.listConversations({ states: [events.ConversationState.HUMAN], limit: 0 })).conversations,
    ).toHaveLength(1);
    const back = await desk.handBack({ conversationId: id, agentId: 'a1' });
    expect(back.conversation).toMatchObject({ state: events.ConversationState.BOT });
    watching.cancel();
  });

  it('hears how its messages fare', async () => {
    const { sendId, conversationId, recipient } = left.sends[0]!;
    const value = events.ConversationEvent.fromPartial({
      eventId: 'settled-1',
      contact: recipient,
      event: {
        $case: 'messageSettled',
        value: { sendId, messageId: 'wamid.out', status: events.SettledStatus.READ, at: now },
      },
    });
    const { topics, contactKey } = await import('@parley/event-bus');
    await bus.publish([{ topic: topics.conversationEvents, key: contactKey(recipient!), value, id: 'settled-1' }]);
    await eventually(async () => {
      const { transcript } = await desk.getConversation({ conversationId, limit: 0 });
      expect(transcript[1]).toMatchObject({ messageId: sendId, status: events.SettledStatus.READ });
    });
  });

  it('is ready, and answers questions it cannot answer with a reason', async () => {
    expect((await fetch(`${opsUrl}/health/ready`)).status).toBe(200);
    expect(await (await fetch(`${opsUrl}/metrics`)).text()).toContain('parley_conversation_messages_total');
    await expect(desk.getByPhone({ phone: '+1', phoneNumberId: '' })).rejects.toMatchObject({
      reason: 'CONVERSATION.NOT_FOUND',
    });
    await expect(desk.getByPhone({ phone: 'me', phoneNumberId: '' })).rejects.toMatchObject({
      reason: 'REQUEST.INVALID',
    });
  });

  it('removes marks that nobody repeats any more', async () => {
    await oldMarksGone(database.database('conversation'), 'inbox');
  });
});
