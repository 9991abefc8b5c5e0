import fc from 'fast-check';
import type { BehaviourInput } from '../domain/faults.js';
import { signBody } from '../domain/signature.js';
import type { WebhookItem } from '../domain/webhook-envelope.js';
import { World } from '../domain/world.js';
import { ManualClock } from '../outbound/in-memory/manual-clock.js';
import { RecordingTarget } from '../outbound/in-memory/recording-target.js';
import { DeliverWebhooks } from './deliver-webhooks.js';

function setUp(webhooks: BehaviourInput['webhooks'] = {}, seed = 1) {
  const world = new World(
    { accountId: '77', numbers: new Map([['1', '15550001']]) },
    { seed, behaviour: { webhooks } },
  );
  const clock = new ManualClock();
  const target = new RecordingTarget();
  return { world, clock, target, sender: new DeliverWebhooks(world, target, clock, 'secret') };
}

const item = (id: string, lane = 'maya'): WebhookItem => ({
  kind: 'message',
  lane,
  label: id,
  numberId: '1',
  content: { id },
});

/** Message ids, a list for each POST. */
function idsOf(target: RecordingTarget): string[][] {
  return target.posts.map(({ body }) => {
    const text = body.toString('ascii');
    return [...text.matchAll(/"id":"(m\d+)"/g)].map((match) => match[1] ?? '');
  });
}

describe('delivery of webhooks', () => {
  it('signs the bytes it sends', async () => {
    const { target, clock, sender } = setUp();
    void sender.send(item('m1'));
    await clock.advance(0);
    const [post] = target.posts;
    expect(post?.headers['x-hub-signature-256']).toBe(signBody(post?.body ?? Buffer.alloc(0), 'secret'));
  });

  it('repeats with growing gaps until it hears 200', async () => {
    const { target, clock, sender } = setUp({ retry_ms: 1_000 });
    target.answerNext({ status: 500, body: '' }, { status: 204, body: '' }, new Error('refused'));
    const start = clock.now();
    const delivered = sender.send(item('m1'));
    await clock.advance(10_000);
    await expect(delivered).resolves.toBe(true);
    const tries = sender.deliveries.list().map(({ at, status }) => [Date.parse(at) - start, status]);
    expect(tries).toEqual([[0, 500], [1_000, 204], [3_000, undefined], [7_000, 200]]); // prettier-ignore
  });

  it('gives up in the end', async () => {
    const { target, clock, sender } = setUp({ retry_ms: 1_000, give_up_ms: 2_000 });
    target.answerNext(...Array.from({ length: 9 }, () => ({ status: 500, body: '' })));
    const delivered = sender.send(item('m1'));
    await clock.advance(60_000);
    await expect(delivered).resolves.toBe(false);
    expect(sender.state).toMatchObject({ waiting: 0, in_flight: 0, lost: 1 });
  });

  it('keeps one customer in order behind a failure and lets others pass', async () => {
    const { target, clock, sender } = setUp();
    target.answerNext({ status: 500, body: '' });
    void sender.send(item('m1'));
    void sender.send(item('m2'));
    void sender.send(item('m3', 'omar'));
    await clock.advance(5_000);
    expect(idsOf(target)).toEqual([['m1'], ['m3'], ['m1'], ['m2']]);
  });

  it('lets everybody pass when order does not matter, and nobody when it matters to all', async () => {
    const play = async (order: 'none' | 'global'): Promise<string[][]> => {
      const { target, clock, sender } = setUp({ order });
      target.answerNext({ status: 500, body: '' });
      for (const [id, lane] of [['m1', 'maya'], ['m2', 'maya'], ['m3', 'omar']] as const) void sender.send(item(id, lane)); // prettier-ignore
      await clock.advance(5_000);
      return idsOf(target);
    };
    expect(await play('none')).toEqual([['m1'], ['m2'], ['m3'], ['m1']]);
    expect(await play('global')).toEqual([['m1'], ['m1'], ['m2'], ['m3']]);
  });

  it('waits while it is paused', async () => {
    const { world, target, clock, sender } = setUp({ paused: true });
    void sender.send(item('m1'));
    await clock.advance(60_000);
    expect(target.posts).toHaveLength(0);
    world.faults.reset();
    world.faults.set({ webhooks: { paused: false } });
    sender.resume();
    await clock.advance(0);
    expect(target.posts).toHaveLength(1);
  });

  it('forgets everything at a reset, repetitions too', async () => {
    const { world, target, clock, sender } = setUp();
    target.answerNext({ status: 500, body: '' });
    void sender.send(item('m1'));
    void sender.send(item('m2'));
    await clock.advance(10);
    world.reset();
    sender.clear();
    void sender.send(item('m3'));
    await clock.advance(3_600_000);
    expect(idsOf(target)).toEqual([['m1'], ['m3']]);
    expect(sender.state).toEqual({ waiting: 0, in_flight: 0, held: 0, lost: 0 });
  });

  it('batches up to the number it is told', async () => {
    const { target, clock, sender } = setUp({ batch: 1_000 });
    for (let i = 0; i < 2_500; i += 1) void sender.send(item(`m${i}`, `p${i}`));
    await clock.advance(1_000);
    expect(idsOf(target).map(({ length }) => length)).toEqual([1_000, 1_000, 500]);
  });

  it('delivers each item one to n times, batched and shuffled in any way', async () => {
    const settings = fc.record({
      duplicates: fc.integer({ min: 1, max: 4 }),
      batch: fc.integer({ min: 1, max: 9 }),
      shuffle: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(settings, fc.nat(), fc.integer({ min: 0, max: 25 }), async (webhooks, seed, count) => {
        const { target, clock, sender } = setUp(webhooks, seed);
        const ids = Array.from({ length: count }, (_, i) => `m${i}`);
        for (const id of ids) void sender.send(item(id));
        await clock.advance(1_000);
        const posts = idsOf(target);
        const seen = posts.flat();
        expect([...new Set(seen)].toSorted()).toEqual(ids.toSorted());
        for (const id of ids)
          expect(seen.filter((each) => each === id).length).toBeLessThanOrEqual(webhooks.duplicates);
        expect(Math.max(0, ...posts.map(({ length }) => length))).toBeLessThanOrEqual(webhooks.batch);
        if (!webhooks.shuffle && webhooks.duplicates === 1) expect(seen).toEqual(ids);
      }),
      { numRuns: 40 },
    );
  });

  it('shuffles for real', async () => {
    const { target, clock, sender } = setUp({ shuffle: true });
    const ids = Array.from({ length: 30 }, (_, i) => `m${i}`);
    for (const id of ids) void sender.send(item(id));
    await clock.advance(1_000);
    expect(idsOf(target).flat()).not.toEqual(ids);
  });

  it.each([['missing', undefined], ['wrong', expect.stringMatching(/^sha256=[0-9a-f]{64}$/)]] as const)('can send a %s signature', async (signature, expected) => {
    const { target, clock, sender } = setUp({ signature });
    void sender.send(item('m1'));
    await clock.advance(0);
    const [post] = target.posts;
    expect(post?.headers['x-hub-signature-256']).toEqual(expected);
    expect(post?.headers['x-hub-signature-256']).not.toBe(sender.sign(post?.body ?? Buffer.alloc(0)));
  }); // prettier-ignore
});
