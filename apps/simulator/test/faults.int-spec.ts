import { eventually } from '@parley/testing';
import { MAYA, Play } from './play.js';

const play = new Play();
beforeAll(() => play.start());
afterAll(() => play.stop());
beforeEach(async () => {
  await play.reset();
  await play.openWindow();
});

const statusNames = (): string[] => play.receiver.statuses().map(({ status }) => status);

async function lastResult(): Promise<unknown> {
  const { body } = await play.control('GET', '/sends');
  return (body['sends'] as { result: unknown }[]).at(-1)?.result;
}

describe('faults of sends', () => {
  it('answer with a Graph error as often as told', async () => {
    await play.faults({ sends: [{ kind: 'graph_error', code: 131048, next: 1, retry_after: 7 }] });
    const [struck, spared] = [await play.send(), await play.send()];
    expect([struck.body.error?.code, struck.headers.get('retry-after'), spared.status]).toEqual([131048, '7', 200]);
  });

  it('strike one recipient only, by phone or by user id', async () => {
    await play.faults({ sends: [{ kind: 'graph_error', code: 131026, to: MAYA }] });
    const { body } = await play.control('GET', '/customers');
    const maya = (body['customers'] as { phone: string; user_id: string }[]).find(({ phone }) => phone === MAYA);
    expect((await play.send({ to: undefined, recipient: maya?.user_id })).body.error?.code).toBe(131026);
    expect((await play.send({}, '+34600100102')).status).toBe(200);
  });

  it.each([[false, 0], [true, 1]])('answer 502 without a Graph error, the message taken: %s', async (accepted, bubbles) => {
    await play.faults({ sends: [{ kind: 'http_error', http_status: 502, accepted, next: 1 }] });
    const answer = await play.send();
    expect([answer.status, answer.body]).toEqual([502, {}]);
    expect(await play.chat()).toHaveLength(bubbles);
  }); // prettier-ignore

  it.each([[false, 0], [true, 1]])('cut the connection, the message taken: %s', async (accepted, bubbles) => {
    await play.faults({ sends: [{ kind: 'reset', accepted, next: 1 }] });
    await expect(play.send()).rejects.toThrow();
    expect(await lastResult()).toMatchObject({ kind: 'reset', accepted });
    expect(await play.chat()).toHaveLength(bubbles);
  }); // prettier-ignore

  it('never answer though the message was taken and its statuses come', async () => {
    await play.faults({ sends: [{ kind: 'timeout', accepted: true, delay_ms: 30, next: 1 }] });
    await expect(play.send({ biz_opaque_callback_data: 'own-9' })).rejects.toThrow();
    expect(await lastResult()).toMatchObject({ kind: 'timeout', accepted: true });
    await eventually(() => expect(play.receiver.statuses()[0]?.biz_opaque_callback_data).toBe('own-9'));
  });

  it('answer late', async () => {
    await play.faults({ sends: [{ kind: 'delay', delay_ms: 20 }] });
    expect((await play.send()).status).toBe(200);
    expect(await lastResult()).toMatchObject({ kind: 'accepted', delay_ms: 20 });
  });

  it('take a message and let it fail', async () => {
    await play.faults({ sends: [{ kind: 'failed_status', code: 131049 }] });
    expect((await play.send()).status).toBe(200);
    await eventually(() =>
      expect(play.receiver.statuses()[0]).toMatchObject({ status: 'failed', errors: [{ code: 131049 }] }),
    );
  });
});

describe('faults of statuses', () => {
  it('drop them all', async () => {
    await play.faults({ statuses: { drop: 1 } });
    await play.send();
    await play.write({ type: 'text', text: 'afterwards' });
    await eventually(() => expect(play.receiver.messages()).toHaveLength(1));
    expect(statusNames()).toEqual([]);
  });

  it('end early', async () => {
    await play.faults({ statuses: { upto: 'sent' } });
    await play.send();
    await play.write({ type: 'text', text: 'afterwards' });
    await eventually(() => expect(play.receiver.messages()).toHaveLength(1));
    expect(statusNames()).toEqual(['sent']);
  });

  it('repeat and shuffle them', async () => {
    await play.faults({ statuses: { duplicates: 5, shuffle: true } });
    for (let i = 0; i < 5; i += 1) await play.send();
    await eventually(() =>
      expect(new Set(play.receiver.statuses().map(({ id, status }) => `${id} ${status}`)).size).toBe(15),
    );
    expect(statusNames().length).toBeGreaterThan(15);
  });

  it('bring them before the answer', async () => {
    await play.faults({ statuses: { before_answer: true } });
    await play.send();
    expect(statusNames()).toEqual(['sent', 'delivered', 'read']);
  });

  it('delay them', async () => {
    await play.faults({ statuses: { delay_ms: { min: 20, max: 40 } } });
    await play.send();
    await eventually(() => expect(statusNames().toSorted()).toEqual(['delivered', 'read', 'sent']));
  });
});

describe('fault settings', () => {
  it('name what they do not know', async () => {
    const answer = await play.control('PUT', '/faults', { sends: [{ kind: 'magic' }] });
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([400, expect.stringContaining('sends.0.kind')]);
  });

  it('go away together', async () => {
    await play.faults({ sends: [{ kind: 'graph_error' }], webhooks: { batch: 9 } });
    const { body } = await play.control('DELETE', '/faults');
    expect(body).toMatchObject({ sends: [], webhooks: { batch: 1 }, statuses: { sent_ms: 50 } });
  });
});
