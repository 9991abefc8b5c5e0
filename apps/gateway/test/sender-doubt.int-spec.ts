import { events } from '@parley/contracts';
import { topics } from '@parley/event-bus';
import { eventually, freePort, type TestDatabase } from '@parley/testing';
import { FakeGraph } from './support/fake-graph.js';
import {
  buildReplica,
  collect,
  gatewayDatabase,
  reply,
  report,
  request,
  template,
  until,
  type Replica,
} from './support/gateway.js';

let db: TestDatabase;
let graph: FakeGraph;
const running: Replica[] = [];

async function start(inDoubtWaitMs: number, graphUrl = graph.url, timeoutMs = 250): Promise<Replica> {
  const replica = buildReplica(db, graphUrl, { inDoubtWaitMs, timeoutMs });
  running.push(replica);
  await replica.sender.start();
  return replica;
}

beforeAll(async () => {
  db = await gatewayDatabase();
});

afterAll(() => db.close());

beforeEach(async () => {
  graph = await new FakeGraph().listen();
});

afterEach(async () => {
  for (const replica of running.splice(0)) await replica.stop();
  await graph.close();
});

describe('a POST without an answer', () => {
  it('is in doubt, and a status with its id settles it without another POST', async () => {
    const replica = await start(60_000);
    graph.react = () => ({ kind: 'silence' });
    const message = reply();
    await request(replica.bus, [message]);
    await until(replica.sender, message, 'in-doubt');
    await report(replica.bus, message, 'sent', 'wamid.unheard');
    const found = await until(replica.sender, message, 'settled');
    expect(found).toMatchObject({ messageId: 'wamid.unheard', status: events.SettledStatus.SENT, attempts: 1 });
    expect(graph.postsOf(message.sendId)).toHaveLength(1);
  });

  it('holds later sends to that customer back, and nobody else', async () => {
    const replica = await start(60_000);
    const message = reply();
    graph.react = ({ body }) =>
      body.biz_opaque_callback_data === message.sendId ? { kind: 'reset' } : { kind: 'accept' };
    await request(replica.bus, [message]);
    await until(replica.sender, message, 'in-doubt');
    const [next, other] = [reply({ recipient: message.recipient }), reply()];
    await request(replica.bus, [next, other]);
    await until(replica.sender, other, 'settled');
    expect((await replica.sender.show.send(next.sendId)).state).toBe('queued');
    await report(replica.bus, message, 'delivered', 'wamid.unheard');
    await until(replica.sender, next, 'settled');
  });

  it('is sent once more when no status comes, if it is a free-form reply', async () => {
    const replica = await start(300);
    graph.react = (_post, nth) =>
      nth === 1 ? { kind: 'plain', status: 502 } : { kind: 'accept', messageId: 'wamid.second' };
    const message = reply();
    const evidence = await collect<events.AuditEvidenceRecorded>(replica.bus, topics.auditEvents);
    await request(replica.bus, [message]);
    expect(await until(replica.sender, message, 'settled')).toMatchObject({ attempts: 2, messageId: 'wamid.second' });
    expect(graph.postsOf(message.sendId)).toHaveLength(2);
    await eventually(() => {
      const again = evidence.find(({ eventId }) => eventId === `graph/${message.sendId}/2`);
      expect(again?.request).toMatchObject({ resent: true });
    });
    const told = await collect<events.ConversationEvent>(replica.bus, topics.conversationEvents);
    await report(replica.bus, message, 'delivered', 'wamid.first');
    await eventually(() => {
      const settled = told.flatMap(({ event }) => (event?.$case === 'messageSettled' ? [event.value] : []));
      expect(settled.filter(({ sendId }) => sendId === message.sendId).at(-1)).toMatchObject({ deliveredTwice: true });
    });
  });

  it('goes to a human when the second POST has no answer either', async () => {
    const replica = await start(200);
    graph.react = () => ({ kind: 'silence' });
    const message = reply();
    await request(replica.bus, [message]);
    expect(await until(replica.sender, message, 'needs-human')).toMatchObject({ attempts: 2, reason: 'SEND.IN_DOUBT' });
    expect(graph.postsOf(message.sendId)).toHaveLength(2);
    await report(replica.bus, message, 'delivered', 'wamid.after-all');
    expect(await until(replica.sender, message, 'settled')).toMatchObject({ status: events.SettledStatus.DELIVERED });
  });

  it('is never sent again if it is a template or bulk', async () => {
    const replica = await start(200);
    graph.react = () => ({ kind: 'silence' });
    const [asked, campaign] = [template({ category: events.MessageCategory.UTILITY }), reply()];
    await request(replica.bus, [asked]);
    await request(replica.bus, [campaign], 'bulk');
    await until(replica.sender, asked, 'needs-human');
    await until(replica.sender, campaign, 'needs-human');
    expect(graph.posts).toHaveLength(2);
  });

  it('is settled by a status that overtakes the answer', async () => {
    const replica = await start(60_000, graph.url, 5000);
    // Statuses are read every quarter of a second.
    graph.react = () => ({ kind: 'accept', messageId: 'wamid.slow', delayMs: 1500 });
    const message = reply();
    await request(replica.bus, [message]);
    await eventually(() => expect(graph.posts).toHaveLength(1));
    await report(replica.bus, message, 'delivered', 'wamid.slow');
    const found = await until(replica.sender, message, 'settled');
    expect(found).toMatchObject({ messageId: 'wamid.slow', status: events.SettledStatus.DELIVERED });
  });

  it('is settled by an early status that does not carry its id', async () => {
    const replica = await start(60_000, graph.url, 5000);
    graph.react = () => ({ kind: 'accept', messageId: 'wamid.early', delayMs: 1500 });
    const message = reply();
    await request(replica.bus, [message]);
    await eventually(() => expect(graph.posts).toHaveLength(1));
    await report(replica.bus, message, 'delivered', 'wamid.early', { echoed: false });
    await eventually(async () => {
      const { status } = await replica.sender.show.send(message.sendId);
      expect(status).toBe(events.SettledStatus.DELIVERED);
    });
  });
});

describe('a gateway that died after it wrote "sending"', () => {
  it('left a send in doubt: a status settles it, nothing is posted', async () => {
    const message = reply();
    await leaveBehind(message);
    const replica = await start(60_000);
    await until(replica.sender, message, 'in-doubt');
    await report(replica.bus, message, 'sent', 'wamid.before-the-crash');
    await until(replica.sender, message, 'settled');
    expect(graph.posts).toEqual([]);
  });

  it('waits from the first status received since, then sends the reply once more', async () => {
    const message = reply();
    await leaveBehind(message);
    const replica = await start(300);
    await until(replica.sender, message, 'in-doubt');
    const other = reply();
    await request(replica.bus, [other]);
    const { messageId } = await until(replica.sender, other, 'settled');
    expect((await replica.sender.show.send(message.sendId)).state).toBe('in-doubt');
    await report(replica.bus, other, 'sent', messageId);
    expect(await until(replica.sender, message, 'settled')).toMatchObject({ attempts: 2 });
    expect(graph.postsOf(message.sendId)).toHaveLength(1);
  });

  it('left a queue that goes on', async () => {
    const message = reply();
    await leaveBehind(message, 'queued');
    const replica = await start(60_000);
    expect(await until(replica.sender, message, 'settled')).toMatchObject({ attempts: 1 });
  });

  /** Writes what a gateway leaves that dies: a row of an earlier claim, and the position after its record. */
  async function leaveBehind(message: events.MessageRequested, state = 'sending'): Promise<void> {
    const crashed = buildReplica(db, 'http://127.0.0.1:9', { numbers: new Map() });
    const requests = [{ message, partition: 0, offset: 0n }];
    const signal = new AbortController().signal;
    await crashed.sender.accept.run({
      lane: 'live',
      requests,
      signal,
      commitIn: () => Promise.resolve(),
    });
    const attempts = state === 'sending' ? 1 : 0;
    const sql = `update send set state = $2, attempts = $3, status = 0, reason = '' where send_id = $1`;
    await crashed.database.query(sql, [message.sendId, state, attempts]);
    await crashed.stop();
  }
});

describe('a connection that is refused', () => {
  it('is tried again at once and does not count as a POST', async () => {
    const port = await freePort();
    const replica = await start(60_000, `http://127.0.0.1:${port}`);
    const message = reply();
    await request(replica.bus, [message]);
    await eventually(async () => {
      const { state, reason, attempts } = await replica.sender.show.send(message.sendId);
      expect({ reason, attempts }).toEqual({ reason: 'HTTP.ECONNREFUSED', attempts: 0 });
      expect(state).not.toBe('in-doubt');
    });
    const late = await new FakeGraph().listen(port);
    expect(await until(replica.sender, message, 'settled')).toMatchObject({ attempts: 1 });
    await late.close();
  });
});
