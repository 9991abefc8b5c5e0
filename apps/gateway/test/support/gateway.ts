import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { events, type channel } from '@parley/contracts';
import { busSchema, contactKey, createEventBus, topics, type EventBus } from '@parley/event-bus';
import { PersonVault, type Database } from '@parley/postgres';
import { createLogger } from '@parley/telemetry';
import { eventually, testDatabase, testMasterKey, type TestDatabase } from '@parley/testing';
import { migrations } from '../../src/migrations/index.js';
import { GraphChannel } from '../../src/outbound/graph/graph-channel.js';
import { ConsentGate } from '../../src/ports/consent-gate.port.js';
import { systemClock } from '../../src/ports/clock.port.js';
import { buildSender, type RunningSender, type SenderParts } from '../../src/sender.module.js';
import { FakeGraph } from './fake-graph.js';

// A PostgreSQL of its own is started first, on a machine that may be busy.
jest.setTimeout(60_000);

export const NUMBER = '106540352242922';
const SCHEMA = { name: 'gateway', schema: 'gateway', role: 'parley_gateway', migrations };

/** A consent ledger under the test's control. */
export class FakeConsent extends ConsentGate {
  answer: boolean | Error = true;
  asked = 0;

  override async allows(): Promise<boolean> {
    this.asked++;
    if (this.answer instanceof Error) throw this.answer;
    return this.answer;
  }
}

/** One replica of the sending half. */
export interface Replica {
  sender: RunningSender;
  bus: EventBus;
  database: Database;
  stop(): Promise<void>;
}

/** A database with the gateway's schema and the event log. */
export function gatewayDatabase(): Promise<TestDatabase> {
  return testDatabase([busSchema, SCHEMA]);
}

/** Joins a replica's parts; nothing is consumed until `start`. */
export function buildReplica(
  db: TestDatabase,
  graphUrl: string,
  more: Partial<SenderParts> & { timeoutMs?: number } = {},
): Replica {
  const database = db.database('gateway', `sender-${randomUUID()}`);
  const masterKey = testMasterKey();
  const busDatabase = db.database('gateway', `bus-${randomUUID()}`);
  const bus = createEventBus({
    database: busDatabase,
    service: 'gateway',
    masterKey,
    logger: createLogger('gateway', { level: 'silent' }),
  });
  const channel = new GraphChannel({
    url: graphUrl,
    version: 'v25.0',
    accessToken: 'secret-token',
    timeoutMs: more.timeoutMs ?? 500,
  });
  const sender = buildSender({
    database,
    bus,
    vault: new PersonVault(database, masterKey),
    channel,
    consent: new FakeConsent(),
    clock: systemClock,
    numbers: new Map([[NUMBER, 80]]),
    bulkBesideLive: 30,
    inDoubtWaitMs: 60_000,
    probeMs: { first: 200, most: 200 },
    lookMs: 50,
    ...more,
  });
  const stop = async (): Promise<void> => {
    await sender.close();
    await bus.close();
    await channel.close();
    // One server serves all suites of a run: connections that nobody needs would starve them.
    await busDatabase.close();
    await database.close();
  };
  return { sender, bus, database, stop };
}

/** A replica that sends, and what is around it. */
export interface Sending {
  db: TestDatabase;
  graph: FakeGraph;
  replica: Replica;
  close(): Promise<void>;
}

/** Starts one replica with a database and a Graph API of its own. */
export async function startSending(more: Partial<SenderParts> = {}): Promise<Sending> {
  const db = await gatewayDatabase();
  const graph = await new FakeGraph().listen();
  const replica = buildReplica(db, graph.url, more);
  await replica.sender.start();
  const close = async (): Promise<void> => {
    await replica.stop();
    await graph.close();
    await db.close();
  };
  return { db, graph, replica, close };
}

let people = 0;

/** A reply to a customer nobody else in the test has. */
export function reply(changes: Partial<events.MessageRequested> = {}): events.MessageRequested {
  const recipient = { phoneNumberId: NUMBER, userId: '', waId: `4917${1_000_000 + ++people}`, profileName: '' };
  return events.MessageRequested.fromPartial({
    sendId: randomUUID(),
    recipient,
    conversationId: 'conversation-1',
    category: events.MessageCategory.REPLY,
    windowUntil: new Date(Date.now() + 3_600_000),
    content: { $case: 'text', value: { body: 'Your order 1234 will arrive today by 4 PM' } },
    requestedAt: new Date(),
    ...changes,
  });
}

/** A marketing template to somebody new. */
export function template(changes: Partial<events.MessageRequested> = {}): events.MessageRequested {
  const value = { name: 'order_ready', language: 'en_US', bodyParameters: ['Bo'], buttonPayloads: [] };
  const category = events.MessageCategory.MARKETING;
  return reply({ category, windowUntil: undefined, content: { $case: 'template', value }, ...changes });
}

export async function request(
  bus: EventBus,
  messages: events.MessageRequested[],
  lane: 'live' | 'bulk' = 'live',
): Promise<void> {
  const topic = lane === 'live' ? topics.whatsappOutbound : topics.whatsappOutboundBulk;
  await bus.publish(
    messages.map((value) => ({
      topic,
      key: contactKey(value.recipient as NonNullable<typeof value.recipient>),
      value,
      id: value.sendId,
    })),
  );
}

/** A status for a send, as the intake would have written it. */
export async function report(
  bus: EventBus,
  message: events.MessageRequested,
  status: string,
  messageId: string,
  { echoed = true, code = 131026 } = {},
): Promise<void> {
  const value = events.MessageStatusReceived.fromPartial({
    itemId: `${messageId}/${status}/${message.recipient?.waId}`,
    messageId,
    status,
    recipient: message.recipient,
    at: new Date(),
    receivedAt: new Date(),
    callbackData: echoed ? message.sendId : '',
    errors: status === 'failed' ? [{ code, title: '', details: '' }] : [],
  });
  await bus.publish([
    {
      topic: topics.whatsappStatus,
      key: contactKey(message.recipient as NonNullable<typeof message.recipient>),
      value,
      id: value.itemId,
    },
  ]);
}

/** Waits until a send is in a state, and returns it. */
export function until(
  sender: RunningSender,
  { sendId }: { sendId: string },
  state: string,
): Promise<channel.GetSendResponse> {
  return eventually(async () => {
    const found = await sender.show.send(sendId);
    if (found.state !== state) throw new Error(`${sendId} is ${found.state} (${found.reason}), not ${state}`);
    return found;
  });
}

/** Everything on conversation.events or audit.events, as a subscriber of its own sees it. */
export async function collect<M>(
  bus: EventBus,
  topic: (typeof topics)['conversationEvents' | 'auditEvents'],
): Promise<M[]> {
  const seen: M[] = [];
  await bus.subscribe<never>({
    group: `test-${randomUUID()}`,
    topic: topic as never,
    handle: async (batch) => {
      seen.push(...(batch.records.map(({ value }) => value) as M[]));
      await batch
        .commitIn({ query: () => Promise.resolve([]), later: () => Promise.resolve(), afterCommit: (tell) => tell() })
        .catch(() => undefined);
    },
  });
  return seen;
}
