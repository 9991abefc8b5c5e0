import { eventually, type TestDatabase } from '@parley/testing';
import { FakeGraph } from './support/fake-graph.js';
import {
  buildReplica,
  gatewayDatabase,
  NUMBER,
  reply,
  request,
  template,
  until,
  type Replica,
} from './support/gateway.js';

const MOST_BULK = 32;

let db: TestDatabase;
let graph: FakeGraph;
let replica: Replica;

beforeAll(async () => {
  db = await gatewayDatabase();
  graph = await new FakeGraph().listen();
  // The answers below never come; nobody may give up waiting for them.
  replica = buildReplica(db, graph.url, { numbers: new Map([[NUMBER, 500]]), timeoutMs: 60_000, bulkBesideLive: 500 });
  await replica.sender.start();
});

afterAll(async () => {
  await graph.close();
  await replica.stop();
  await db.close();
});

describe('a campaign', () => {
  it('fills neither the connections nor the number, so that replies go on while none of it is answered', async () => {
    graph.react = ({ body }) => ({ kind: body['type'] === 'template' ? 'silence' : 'accept' });
    const campaign = Array.from({ length: 300 }, () => template());
    await request(replica.bus, campaign, 'bulk');
    const posted = (): number => graph.posts.filter(({ body }) => body['type'] === 'template').length;
    await eventually(() => expect(posted()).toBe(MOST_BULK));
    const replies = Array.from({ length: 300 }, () => reply());
    await request(replica.bus, replies);
    for (const message of replies) await until(replica.sender, message, 'settled');
    expect(posted()).toBe(MOST_BULK);
  });
});
