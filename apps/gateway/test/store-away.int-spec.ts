import { randomUUID } from 'node:crypto';
import { createEventBus, topics, type EventBus } from '@parley/event-bus';
import { Database } from '@parley/postgres';
import { createLogger } from '@parley/telemetry';
import type { Running } from '@parley/service';
import { eventually, freePort, testMasterKey, type TestDatabase } from '@parley/testing';
import { serve } from '../src/app.module.js';
import { ShowChannel } from '../src/usecases/show-channel.js';
import { PostgresChannelView } from '../src/outbound/postgres/postgres-channel-view.js';
import { doorsConfig } from './support/doors-config.js';
import { FakeGraph } from './support/fake-graph.js';
import { buildReplica, gatewayDatabase, reply, request, until } from './support/gateway.js';
import { PortSwitch } from './support/port-switch.js';
import { send, textWebhook } from './support/webhook-client.js';

let db: TestDatabase;
let line: PortSwitch;
let database: Database;
let bus: EventBus;
let gateway: Running;
let port: number;

beforeAll(async () => {
  db = await gatewayDatabase();
  const direct = new URL(db.adminUrl);
  line = await PortSwitch.to(Number(direct.port));
  direct.port = String(line.port);
  database = new Database({ url: direct.href, schema: 'gateway', role: 'parley_gateway', applicationName: 'intake' });
  bus = createEventBus({
    database,
    service: 'gateway',
    masterKey: testMasterKey(),
    logger: createLogger('gateway', { level: 'silent' }),
  });
  port = await freePort();
  gateway = await serve(await doorsConfig(port), bus, new ShowChannel(new PostgresChannelView(database), new Map()));
});

afterAll(async () => {
  await gateway.close();
  await bus.close();
  await database.close();
  await line.close();
  await db.close();
});

describe('a webhook', () => {
  it('is durable when it is answered 200', async () => {
    const id = `wamid.${randomUUID()}`;
    expect((await send(port, textWebhook(id))).status).toBe(200);
    const seen: string[] = [];
    await bus.subscribe({
      group: 'test',
      topic: topics.whatsappInbound,
      handle: (batch) => Promise.resolve(void seen.push(...batch.records.map((record) => record.id))),
    });
    await eventually(() => expect(seen).toContain(id));
  });

  it('is answered 503 while the store is away, and 200 once it is back', async () => {
    line.cut();
    const answer = await send(port, textWebhook());
    expect({ status: answer.status, retry: answer.headers['retry-after'] }).toEqual({ status: 503, retry: '2' });
    // A body that is no webhook is not lost either: nothing is acknowledged that is not kept.
    expect((await send(port, 'no webhook')).status).toBe(503);
    expect((await send(port, textWebhook(), {})).status).toBe(401);
    line.restore();
    await eventually(async () => expect((await send(port, textWebhook())).status).toBe(200));
  });

  it("is accepted while the gateway's own tables are away", async () => {
    const admin = new Database({ url: db.adminUrl, schema: 'gateway', applicationName: 'admin' });
    await admin.query('alter table send rename to send_away; alter table inbox rename to inbox_away');
    try {
      expect((await send(port, textWebhook(`wamid.${randomUUID()}`))).status).toBe(200);
    } finally {
      await admin.query('alter table send_away rename to send; alter table inbox_away rename to inbox');
      await admin.close();
    }
  });
});

describe('the sender', () => {
  it('goes on by itself when its database was away, and sends everything once', async () => {
    const graph = await new FakeGraph().listen();
    const url = new URL(db.adminUrl);
    url.port = String(line.port);
    const own = new Database({ url: url.href, schema: 'gateway', role: 'parley_gateway', applicationName: 'sender' });
    const replica = buildReplica(db, graph.url, { database: own });
    await replica.sender.start();
    const before = reply();
    await request(replica.bus, [before]);
    await until(replica.sender, before, 'settled');
    graph.react = () => {
      line.cut();
      return { kind: 'accept' };
    };
    const [message, next] = [reply(), reply()];
    await request(replica.bus, [message]);
    await eventually(() => expect(graph.postsOf(message.sendId)).toHaveLength(1));
    graph.react = () => ({ kind: 'accept' });
    await request(replica.bus, [next]);
    line.restore();
    await until(replica.sender, message, 'settled');
    await until(replica.sender, next, 'settled');
    for (const { sendId } of [before, message, next]) expect(graph.postsOf(sendId)).toHaveLength(1);
    await replica.stop();
    await own.close();
    await graph.close();
  }, 20_000);
});
