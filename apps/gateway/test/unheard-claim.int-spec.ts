import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { unavailable } from '@parley/errors';
import { PLACES_CHANNEL, type Passage } from '@parley/resilience';
import type { FakeGraph } from './support/fake-graph.js';
import { reply, request, startSending, until, type Replica, type Sending } from './support/gateway.js';

let graph: FakeGraph;
let replica: Replica;
let close: Sending['close'];
/** How many answers to claims are still to be lost, after the claims have committed. */
let toLose = 0;

function losing(message: unknown): void {
  const passage = message as Passage;
  if (passage.name !== 'gateway.claim.committed' || toLose === 0) return;
  toLose -= 1;
  passage.hold = Promise.reject(unavailable('POSTGRES.UNAVAILABLE', 'The database is away.'));
}

beforeAll(async () => {
  ({ graph, replica, close } = await startSending({ inDoubtWaitMs: 300 }));
  subscribe(PLACES_CHANNEL, losing);
});

afterAll(async () => {
  unsubscribe(PLACES_CHANNEL, losing);
  await close();
});

beforeEach(() => {
  graph.react = () => ({ kind: 'accept' });
});

describe('a claim that committed, but whose answer was lost', () => {
  it.each([1, 3])('is taken up again by its claimer, and the send leaves once (lost %i times)', async (times) => {
    const first = reply();
    const second = reply({ recipient: first.recipient });
    toLose = times;
    await request(replica.bus, [first, second]);
    await until(replica.sender, first, 'settled');
    expect(await until(replica.sender, second, 'settled')).toMatchObject({ attempts: 1 });
    expect(toLose).toBe(0);
    expect([first, second].map(({ sendId }) => graph.postsOf(sendId).length)).toEqual([1, 1]);
  });

  it('of a reply that goes a second time after doubt does not send it a third time', async () => {
    const message = reply();
    graph.react = (_post, nth) => (nth === 1 ? { kind: 'plain', status: 502 } : { kind: 'accept' });
    toLose = 1;
    await request(replica.bus, [message]);
    expect(await until(replica.sender, message, 'settled')).toMatchObject({ attempts: 2 });
    expect(toLose).toBe(0);
    expect(graph.postsOf(message.sendId)).toHaveLength(2);
  });
});
