import { events } from '@parley/contracts';
import { topics } from '@parley/event-bus';
import { Inbox } from '@parley/postgres';
import { eventually } from '@parley/testing';
import { rankOf } from '../src/domain/status-order.js';
import { PostgresStatuses } from '../src/outbound/postgres/postgres-statuses.js';
import type { ReceivedStatus } from '../src/ports/statuses.port.js';
import { collect, reply, report, request, startSending, until, type Sending } from './support/gateway.js';

type Message = events.MessageRequested;

const STATUSES = ['sent', 'delivered', 'read', 'failed'];
const { READ, DELIVERED, FAILED } = events.SettledStatus;
const nothing = (): Promise<void> => Promise.resolve();

function permutations(of: readonly string[]): string[][] {
  if (of.length === 0) return [[]];
  return of.flatMap((first) => permutations(of.filter((one) => one !== first)).map((rest) => [first, ...rest]));
}

let sending: Sending;
let told: events.ConversationEvent[];

beforeAll(async () => {
  sending = await startSending();
  told = await collect<events.ConversationEvent>(sending.replica.bus, topics.conversationEvents);
});

afterAll(() => sending.close());

/** A settled send and its wamid, for every order in which its statuses may come. */
async function settledFor(orders: string[][]): Promise<{ message: Message; messageId: string; order: string[] }[]> {
  const { replica } = sending;
  const messages = orders.map((order) => ({ message: reply(), order }));
  await request(
    replica.bus,
    messages.map(({ message }) => message),
  );
  return Promise.all(
    messages.map(async (one) => ({
      ...one,
      messageId: (await until(replica.sender, one.message, 'settled')).messageId,
    })),
  );
}

function received(message: Message, messageId: string, status: string, copy = 0): ReceivedStatus {
  const rank = rankOf(status) as events.SettledStatus;
  const reason = status === 'failed' ? 'GRAPH.131026' : '';
  const { sendId, recipient } = message;
  // Meta's redeliveries have the same id; another copy of this test has another, to get past the inbox.
  const itemId = `${messageId}/${status}/${copy}`;
  return { itemId, sendId, messageId, status: rank, at: new Date(), reason, recipient, traceparent: '' };
}

/** The ranks the conversation was told of, as they came. */
function toldOf({ sendId }: Message): number[] {
  return told.flatMap(({ event }) =>
    event?.$case === 'messageSettled' && event.value.sendId === sendId ? [event.value.status] : [],
  );
}

async function endsAs(message: Message, status: events.SettledStatus, reason = ''): Promise<void> {
  await eventually(async () => {
    expect(await sending.replica.sender.show.send(message.sendId)).toMatchObject({ state: 'settled', status, reason });
    const ranks = toldOf(message);
    expect(ranks.at(-1)).toBe(status);
    // Never back, never twice.
    expect(ranks).toEqual([...new Set(ranks)].sort((a, b) => a - b));
  });
}

describe('sent, delivered, read and failed', () => {
  it('end as read in all 24 orders, from the topic, each of them twice', async () => {
    const all = await settledFor(permutations(STATUSES));
    expect(all).toHaveLength(24);
    for (const { message, messageId, order } of all) {
      for (const status of [...order, ...order]) await report(sending.replica.bus, message, status, messageId);
    }
    for (const { message } of all) await endsAs(message, READ);
  });

  it('end as read in all 24 orders when two replicas get them in turn, and when they get them at the same moment', async () => {
    const replicas = [1, 2].map((n) => {
      const database = sending.db.database('gateway', `statuses-${n}`);
      return new PostgresStatuses(database, new Inbox('statuses'), sending.replica.bus);
    }) as [PostgresStatuses, PostgresStatuses];
    const inTurn = await settledFor(permutations(STATUSES));
    await Promise.all(
      inTurn.map(async ({ message, messageId, order }) => {
        for (const [at, status] of [...order, ...order].entries()) {
          // The second round's are copies with an id of their own: not the inbox but the order keeps them out.
          const copy = at < order.length ? 0 : 1;
          await replicas[at % 2 ? 1 : 0].settle([received(message, messageId, status, copy)], nothing);
        }
      }),
    );
    const atOnce = await settledFor(permutations(STATUSES));
    await Promise.all(
      [0, 1, 2, 3].flatMap((place) =>
        replicas.map((replica) =>
          replica.settle(
            atOnce.map(({ message, messageId, order }) => received(message, messageId, order[place] as string)),
            nothing,
          ),
        ),
      ),
    );
    for (const { message } of [...inTurn, ...atOnce]) await endsAs(message, READ);
  });

  it('end as failed without a sign that it arrived, and as delivered with one, in every order', async () => {
    const failed = await settledFor(permutations(['sent', 'failed']));
    const arrived = await settledFor(permutations(['sent', 'failed', 'delivered']));
    for (const { message, messageId, order } of [...failed, ...arrived]) {
      for (const status of order) await report(sending.replica.bus, message, status, messageId);
    }
    for (const { message } of failed) await endsAs(message, FAILED, 'GRAPH.131026');
    for (const { message } of arrived) await endsAs(message, DELIVERED);
  });
});
