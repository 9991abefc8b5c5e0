import { unavailable } from '@parley/errors';
import { contactKey } from '@parley/event-bus';
import { PersonVault } from '@parley/postgres';
import { eventually, oldMarksGone, plantOldMarks, testMasterKey, type TestDatabase } from '@parley/testing';
import { systemClock } from '../src/ports/clock.port.js';
import { PostgresNumberLeases } from '../src/outbound/postgres/postgres-number-leases.js';
import { NumberRate } from '../src/usecases/number-rate.js';
import type { RequestBatch } from '../src/usecases/accept-sends.js';
import type { FakeGraph } from './support/fake-graph.js';
import {
  buildReplica,
  FakeConsent,
  NUMBER,
  reply,
  request,
  template,
  until,
  startSending,
  type Replica,
  type Sending,
} from './support/gateway.js';

let db: TestDatabase;
let graph: FakeGraph;
let replica: Replica;
let close: Sending['close'];
const consent = new FakeConsent();

beforeAll(async () => {
  ({ db, graph, replica, close } = await startSending({ consent, numbers: new Map([[NUMBER, 500]]) }));
});

afterAll(() => close());

beforeEach(() => {
  graph.react = () => ({ kind: 'accept' });
  consent.answer = true;
});

describe('a record that comes again', () => {
  it('is sent once', async () => {
    const message = reply();
    await request(replica.bus, [message, message]);
    await until(replica.sender, message, 'settled');
    await request(replica.bus, [message]);
    const after = reply({ recipient: message.recipient });
    await request(replica.bus, [after]);
    await until(replica.sender, after, 'settled');
    expect(graph.postsOf(message.sendId)).toHaveLength(1);
  });

  it('is sent once by two gateways that both believe it is theirs', async () => {
    const other = buildReplica(db, graph.url);
    const messages = Array.from({ length: 50 }, () => reply());
    const batch = (): RequestBatch => ({
      lane: 'live',
      requests: messages.map((message, n) => ({ message, partition: 0, offset: BigInt(1_000_000 + n) })),
      signal: new AbortController().signal,
      commitIn: () => Promise.resolve(),
    });
    await Promise.all([replica.sender.accept.run(batch()), other.sender.accept.run(batch())]);
    for (const message of messages) await until(replica.sender, message, 'settled');
    for (const { sendId } of messages) expect(graph.postsOf(sendId)).toHaveLength(1);
    await other.stop();
  });
});

describe('sends to one recipient', () => {
  it('leave in their order, each after the answer to the one before', async () => {
    graph.react = (_post, _nth) => ({ kind: 'accept', delayMs: Math.random() * 20 });
    const first = reply();
    const messages = [first, ...Array.from({ length: 9 }, () => reply({ recipient: first.recipient }))];
    const from = graph.posts.length;
    await request(replica.bus, messages.slice(0, 4));
    await request(replica.bus, messages.slice(4));
    for (const message of messages) await until(replica.sender, message, 'settled');
    const order = graph.posts.slice(from).map(({ body }) => body.biz_opaque_callback_data);
    expect(order).toEqual(messages.map(({ sendId }) => sendId));
  });
});

describe('what the Graph API refuses', () => {
  it('is never retried when the window is closed (131047)', async () => {
    graph.react = () => ({ kind: 'error', status: 400, code: 131047 });
    const message = reply();
    await request(replica.bus, [message]);
    expect(await until(replica.sender, message, 'refused')).toMatchObject({ reason: 'GRAPH.131047', attempts: 1 });
    expect(graph.postsOf(message.sendId)).toHaveLength(1);
  });

  it('is never retried when its code is unknown', async () => {
    graph.react = () => ({ kind: 'error', status: 500, code: 999_999 });
    const message = reply();
    await request(replica.bus, [message]);
    expect(await until(replica.sender, message, 'refused')).toMatchObject({ reason: 'GRAPH.999999' });
    expect(graph.postsOf(message.sendId)).toHaveLength(1);
  });

  it('waits its time when the pair is too fast (131056), and others go on', async () => {
    const message = reply();
    graph.react = ({ body }, nth) =>
      body.biz_opaque_callback_data === message.sendId && nth === 1
        ? { kind: 'error', status: 400, code: 131056 }
        : { kind: 'accept' };
    await request(replica.bus, [message]);
    expect(await until(replica.sender, message, 'waiting')).toMatchObject({ reason: 'GRAPH.131056' });
    const other = reply();
    await request(replica.bus, [other]);
    await until(replica.sender, other, 'settled');
    expect(await until(replica.sender, message, 'settled')).toMatchObject({ attempts: 2 });
    const [first, second] = graph.postsOf(message.sendId);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(3900);
  });

  it('stops the channel when the token has expired (190), keeps the queue and goes on by itself', async () => {
    graph.react = () => ({ kind: 'error', status: 401, code: 190 });
    const messages = Array.from({ length: 10 }, () => reply());
    await request(replica.bus, messages);
    await eventually(async () => {
      const { numbers } = await replica.sender.show.numbers();
      expect(numbers).toEqual([{ phoneNumberId: NUMBER, messagesPerSecond: 500, stoppedReason: 'GRAPH.190' }]);
    });
    const elsewhere = buildReplica(db, graph.url, { numbers: new Map([[NUMBER, 500]]) });
    await eventually(async () => {
      expect((await elsewhere.sender.show.numbers()).numbers[0]?.stoppedReason).toBe('GRAPH.190');
    });
    await elsewhere.stop();
    graph.react = () => ({ kind: 'accept' });
    for (const message of messages) await until(replica.sender, message, 'settled');
    expect((await replica.sender.show.numbers()).numbers[0]?.stoppedReason).toBe('');
  });
});

describe('the gate', () => {
  it('refuses a free-form message after its window', async () => {
    const message = reply({ windowUntil: new Date(Date.now() - 1) });
    await request(replica.bus, [message]);
    expect(await until(replica.sender, message, 'refused')).toMatchObject({ reason: 'WINDOW.CLOSED', attempts: 0 });
    expect(graph.postsOf(message.sendId)).toEqual([]);
  });

  it('refuses what breaks a limit of the channel', async () => {
    const message = reply({ content: { $case: 'text', value: { body: 'x'.repeat(4097) } } });
    await request(replica.bus, [message]);
    expect(await until(replica.sender, message, 'refused')).toMatchObject({ reason: 'PAYLOAD.INVALID' });
  });

  it('refuses a number that is not configured', async () => {
    const message = reply({ recipient: { phoneNumberId: '1', userId: '', waId: '491701', profileName: '' } });
    await request(replica.bus, [message]);
    expect(await until(replica.sender, message, 'refused')).toMatchObject({ reason: 'NUMBER.NOT_CONFIGURED' });
  });

  it('asks for consent before a business-initiated message, each time', async () => {
    const before = consent.asked;
    const message = template();
    await request(replica.bus, [message], 'bulk');
    await until(replica.sender, message, 'settled');
    expect(consent.asked).toBe(before + 1);
    expect(graph.postsOf(message.sendId)[0]?.body['type']).toBe('template');
  });

  it('refuses it without consent', async () => {
    consent.answer = false;
    const message = template();
    await request(replica.bus, [message], 'bulk');
    expect(await until(replica.sender, message, 'refused')).toMatchObject({ reason: 'CONSENT.WITHDRAWN' });
    expect(graph.postsOf(message.sendId)).toEqual([]);
  });

  it('keeps it while consent does not answer, and lets replies go on', async () => {
    consent.answer = unavailable('GRPC.UNAVAILABLE', 'away');
    const [message, other] = [template(), reply()];
    await request(replica.bus, [message], 'bulk');
    await eventually(async () => {
      const { state, reason } = await replica.sender.show.send(message.sendId);
      expect({ state, reason }).toEqual({ state: 'queued', reason: 'GRPC.UNAVAILABLE' });
    });
    await request(replica.bus, [other]);
    await until(replica.sender, other, 'settled');
    expect(graph.postsOf(message.sendId)).toEqual([]);
    consent.answer = true;
    expect(await until(replica.sender, message, 'settled')).toMatchObject({ attempts: 1 });
  });
});

describe('the table of sends', () => {
  it('and the marks of statuses are kept as long as anybody may repeat them, looked at from the start', async () => {
    const [old, young] = [reply(), reply()];
    await request(replica.bus, [old, young]);
    for (const message of [old, young]) await until(replica.sender, message, 'settled');
    await replica.database.query(`update send set created_at = now() - interval '31 days' where send_id = $1`, [
      old.sendId,
    ]);
    await plantOldMarks(replica.database, 'inbox');
    const other = buildReplica(db, graph.url);
    await other.sender.start();
    await oldMarksGone(other.database, 'inbox');
    await expect(other.sender.show.send(old.sendId)).rejects.toMatchObject({ reason: 'SEND.NOT_FOUND' });
    expect(await other.sender.show.send(young.sendId)).toMatchObject({ state: 'settled' });
    await other.stop();
  });

  it('holds nothing of the customer in the clear', async () => {
    const message = reply({ content: { $case: 'text', value: { body: 'a very private answer' } } });
    await request(replica.bus, [message]);
    await until(replica.sender, message, 'settled');
    const [row] = await replica.database.query('select s::text as line from send s where send_id = $1', [
      message.sendId,
    ]);
    const text = JSON.stringify(row) + Buffer.from(JSON.stringify(row), 'hex').toString();
    expect(text).not.toContain(message.recipient?.waId);
    expect(text).not.toContain('private');
    expect(text).toContain(
      new PersonVault(replica.database, testMasterKey()).lookupHash('wa_id', message.recipient?.waId ?? ''),
    );
    expect(contactKey(message.recipient as NonNullable<typeof message.recipient>)).toContain(NUMBER);
  });
});

describe('the rate of a number', () => {
  it('is shared by two replicas and never exceeded', async () => {
    const number = 'shared-number';
    const perSecond = 100;
    const stop = new AbortController();
    const taken: number[] = [];
    const replicas = [1, 2].map((n) => {
      const leases = new PostgresNumberLeases(db.database('gateway', `lease-${n}`), systemClock);
      return new NumberRate(number, perSecond, leases, systemClock);
    });
    const drain = async (rate: NumberRate): Promise<number> => {
      let count = 0;
      while (!stop.signal.aborted) {
        if (rate.take()) {
          taken.push(Date.now());
          count++;
        } else await rate.wait(stop.signal);
      }
      return count;
    };
    setTimeout(() => stop.abort(), 2500);
    const counts = await Promise.all(replicas.map(drain));
    for (const from of taken) {
      const within = taken.filter((at) => at >= from && at < from + 1000).length;
      expect(within).toBeLessThanOrEqual(perSecond * 1.03);
    }
    expect(taken.length).toBeGreaterThan(perSecond * 2.5 * 0.6);
    for (const count of counts) expect(count).toBeGreaterThan(0);
  });
});
