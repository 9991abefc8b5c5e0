import { events } from '@parley/contracts';
import {
  busSchema,
  contactKey,
  createEventBus,
  topics,
  type EventBus,
  type KafkaOptions,
  type Subscription,
} from '@parley/event-bus';
import { PersonVault, type Database } from '@parley/postgres';
import { createLogger } from '@parley/telemetry';
import { FakeClock, testDatabase, testMasterKey, type TestDatabase } from '@parley/testing';
import { answering, onPostgres, type Adapters } from '../src/app.module.js';
import type { Calls, TurnInput, TurnResult } from '../src/domain/turn.js';
import { consumeMessages, itemOf } from '../src/inbound/messages.events.js';
import { migrations } from '../src/migrations/index.js';
import {
  InMemoryConsent,
  InMemoryCustomers,
  InMemoryOrders,
  InMemoryUnderstander,
} from '../src/outbound/in-memory/in-memory-systems.js';
import type { AnswerBatch } from '../src/usecases/answer-batch.js';
import type { Brain } from '../src/usecases/answer-message.js';
import { RescueDeadLetter } from '../src/usecases/rescue-dead-letter.js';

export const NUMBER = '1066';
export const START = new Date('2026-11-22T10:00:00Z');

export const service = { name: 'conversation', schema: 'conversation', role: 'parley_conversation', migrations };

export const conversationDatabase = (): Promise<TestDatabase> => testDatabase([service, busSchema]);

/** A brain that echoes; tests replace `think` where they need more. */
export class TestBrain implements Brain {
  think: (input: TurnInput, calls: Calls) => Promise<Partial<TurnResult>> = async () => ({});
  readonly turns: string[] = [];

  async turn(input: TurnInput, calls: Calls): Promise<TurnResult> {
    this.turns.push(input.message.id);
    const { message } = input;
    return {
      state: { ...input.state, greeted: true },
      reply: { key: 'echo', text: `You said: ${message.text}`, language: 'en' },
      effects: [],
      calls: [],
      decidedBy: 'echo@1/answer',
      orderNumber: '',
      ...(await this.think(input, calls)),
    };
  }

  route(): { team: string; priority: 'normal' } {
    return { team: 'service', priority: 'normal' };
  }

  defaults(): { language: string; timeZone: string } {
    return { language: 'en', timeZone: 'UTC' };
  }
}

/** One instance of the service on a database shared with others. */
export interface Instance {
  db: Database;
  bus: EventBus;
  adapters: Adapters;
  brain: TestBrain;
  orders: InMemoryOrders;
  customers: InMemoryCustomers;
  understander: InMemoryUnderstander;
  consent: InMemoryConsent;
  answer: AnswerBatch;
  consume(): Promise<Subscription>;
  close(): Promise<void>;
}

export function instance(database: TestDatabase, clock = new FakeClock(START), kafka?: KafkaOptions): Instance {
  const db = database.database('conversation');
  const masterKey = testMasterKey();
  const logger = createLogger('test', { level: 'silent' });
  const bus = createEventBus({ database: db, service: 'conversation-service', kafka, masterKey, logger });
  const systems = {
    brain: new TestBrain(),
    orders: new InMemoryOrders(),
    customers: new InMemoryCustomers(),
    understander: new InMemoryUnderstander(),
    consent: new InMemoryConsent(),
  };
  const adapters: Adapters = { ...onPostgres(db, bus, new PersonVault(db, masterKey)), ...systems, clock };
  const answer = answering(adapters, [NUMBER]);
  const rescue = new RescueDeadLetter(adapters.conversations, systems.brain, clock);
  return {
    db,
    bus,
    adapters,
    ...systems,
    answer,
    consume: () => consumeMessages(bus, answer, rescue),
    close: () => bus.close(),
  };
}

interface Words {
  id: string;
  text?: string;
  waId?: string;
  userId?: string;
  number?: string;
  sentAt?: Date;
}

/** A customer's message as the gateway writes it. */
export function said({ id, text = 'hello', waId = '', userId = '', number = NUMBER, sentAt = START }: Words) {
  const value = events.WebhookItemReceived.fromPartial({
    itemId: id,
    field: 'messages',
    type: 'text',
    contact: { phoneNumberId: number, userId, waId, profileName: 'Ada' },
    sentAt,
    receivedAt: sentAt,
    content: { $case: 'text', value: { body: text } },
  });
  return { topic: topics.whatsappInbound, key: contactKey(value.contact!), value, id };
}

/** The facts and messages that left so far, read by a group of the test's own. */
export async function listen(bus: EventBus, group: string) {
  const facts: events.ConversationEvent[] = [];
  const sends: events.MessageRequested[] = [];
  await bus.subscribe({
    group,
    topic: topics.conversationEvents,
    handle: async ({ records }) => void facts.push(...records.flatMap(({ value }) => events.eventsWithin(value))),
  });
  await bus.subscribe({
    group,
    topic: topics.whatsappOutbound,
    handle: async ({ records }) => void sends.push(...records.map(({ value }) => value)),
  });
  return { facts, sends };
}

/** Hands records over as one batch, without a log in between; returns whether the position was committed. */
export async function deliver(to: Instance, ...records: ReturnType<typeof said>[]): Promise<boolean> {
  let positions = 0;
  const items = records.map(({ value }) => itemOf({ value, time: START }));
  await to.answer.run(items, async () => void (positions += 1));
  return positions === 1;
}

/** What a conversation consists of, read past the service's own code. */
export async function rows(db: Database): Promise<{ conversations: number; messages: string[]; marks: number }> {
  const [counts] = await db.query<{ c: bigint; m: bigint }>(
    'select (select count(*) from conversation where merged_into is null) as c, (select count(*) from inbox) as m',
  );
  const messages = await db.query<{ author: string }>('select author from message order by seq');
  return { conversations: Number(counts!.c), marks: Number(counts!.m), messages: messages.map(({ author }) => author) };
}
