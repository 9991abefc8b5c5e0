import { createHmac } from 'node:crypto';
import { eventually } from '@parley/testing';
import { MAYA, Play } from './play.js';

const play = new Play();
beforeAll(() => play.start());
afterAll(() => play.stop());
beforeEach(() => play.reset());

describe('Meta as webhook sender', () => {
  it('tells what a customer writes, escaped and signed over those bytes', async () => {
    const id = await play.write({ type: 'text', text: 'Où est ma commande 12/34? 😀' });
    await eventually(() => expect(play.receiver.received).toHaveLength(1));
    const [post] = play.receiver.received;
    expect(post?.valid).toBe(true);
    expect(post?.raw).toContain(String.raw`O\u00f9 est ma commande 12\/34? \ud83d\ude00`);
    const [value] = play.receiver.values();
    expect(value?.contacts).toEqual([
      { profile: { name: 'Maya Patel' }, wa_id: '12125550101', user_id: expect.stringMatching(/^US\.\d+$/) as string },
    ]);
    expect(value?.messages?.[0]).toMatchObject({
      id,
      from: '12125550101',
      type: 'text',
      timestamp: expect.stringMatching(/^\d{10}$/) as string,
    });
    await eventually(async () =>
      expect((await play.chat())[0]).toMatchObject({ id, direction: 'out', status: 'delivered' }),
    );
  });

  it('repeats until it hears 200', async () => {
    play.receiver.answerNext(500, 503, 404);
    const id = await play.write({ type: 'text', text: 'Hi' });
    await eventually(() => expect(play.receiver.messages().map((message) => message.id)).toEqual([id, id, id, id]));
  });

  it('leaves the number out for who hides it, and reaches them by user id', async () => {
    await play.control('POST', '/customers', { phone: MAYA, hide_phone: true });
    await play.write({ type: 'text', text: 'Hi' });
    await eventually(() => expect(play.receiver.messages()).toHaveLength(1));
    const [value] = play.receiver.values();
    const userId = value?.contacts?.[0]?.user_id;
    expect(JSON.stringify(value)).not.toContain('12125550101');
    expect(value?.messages?.[0]?.from_user_id).toBe(userId);
    const answer = await play.send({ to: undefined, recipient: userId });
    expect(answer.body['contacts']).toEqual([{ input: userId, user_id: userId }]);
    await eventually(() => expect(play.receiver.statuses()[0]).toMatchObject({ recipient_user_id: userId }));
    expect(JSON.stringify(play.receiver.statuses())).not.toContain('12125550101');
  });

  it('batches and repeats by setting', async () => {
    await play.faults({ webhooks: { batch: 1_000, hold_ms: 30, duplicates: 3, shuffle: true } });
    const ids = await Promise.all(Array.from({ length: 20 }, (_, i) => play.write({ type: 'text', text: `m${i}` })));
    await eventually(() => expect(new Set(play.receiver.messages().map(({ id }) => id))).toEqual(new Set(ids)));
    expect(play.receiver.received.length).toBeLessThan(20);
  });

  it('sends by hand what is asked for, signed as asked for', async () => {
    const value = {
      user_preferences: [{ user_id: 'US.1', category: 'marketing_messages', value: 'stop', timestamp: 1 }],
    };
    const { body } = await play.control('POST', '/webhooks', { field: 'user_preferences', value });
    expect(body['answers']).toEqual([{ status: 200, body: '' }]);
    await play.control('POST', '/webhooks', { field: 'x', value: {}, signature: 'none' });
    await play.control('POST', '/webhooks', { raw: '{"object":"a","entry":[]}', signature: 'sha256=00' });
    const digest = createHmac('sha256', 'demo-app-secret').update('{"object":"b","entry":[]}').digest('hex');
    await play.control('POST', '/webhooks', { raw: '{"object":"b","entry":[]}', signature: `sha256=${digest}` });
    expect(play.receiver.received.map(({ valid }) => valid)).toEqual([true, false, false, true]);
    expect(play.receiver.received[0]?.envelope.entry[0]?.changes[0]).toEqual({ field: 'user_preferences', value });
  });

  it('asks for the challenge', async () => {
    expect((await play.control('POST', '/handshake')).body).toEqual({ verified: true, status: 200 });
  });
});

describe('customer', () => {
  it('taps buttons and rows by their ids', async () => {
    await play.openWindow();
    const action = { buttons: [{ type: 'reply', reply: { id: 'yes', title: 'Yes, cancel' } }] };
    await play.send({ type: 'interactive', interactive: { type: 'button', body: { text: 'Sure?' }, action } });
    const rows = [{ id: 'o1', title: '1234', description: 'today' }];
    await play.send({
      type: 'interactive',
      interactive: { type: 'list', body: { text: '?' }, action: { button: 'Pick', sections: [{ rows }] } },
    });
    await play.write({ type: 'button_reply', id: 'yes' });
    await play.write({ type: 'list_reply', id: 'o1' });
    await eventually(() => expect(play.receiver.messages()).toHaveLength(2));
    const [question, list] = await play.chat();
    expect(play.receiver.messages()).toEqual([
      expect.objectContaining({
        context: { from: '15550783881', id: question?.['id'] },
        interactive: { type: 'button_reply', button_reply: { id: 'yes', title: 'Yes, cancel' } },
      }),
      expect.objectContaining({
        context: { from: '15550783881', id: list?.['id'] },
        interactive: { type: 'list_reply', list_reply: { id: 'o1', title: '1234', description: 'today' } },
      }),
    ]);
  });

  it.each([
    [{ type: 'image', caption: 'x' }, { type: 'image', image: { mime_type: 'image/png', caption: 'x' } }],
    [{ type: 'document' }, { type: 'document', document: { filename: 'document.pdf' } }],
    [{ type: 'location', latitude: 1, longitude: 2 }, { type: 'location', location: { latitude: 1, longitude: 2 } }],
    [{ type: 'reaction', message_id: 'w', emoji: '👍' }, { type: 'reaction', reaction: { message_id: 'w', emoji: '👍' } }],
    [{ type: 'button', payload: 'STOP', text: 'Stop' }, { type: 'button', button: { payload: 'STOP', text: 'Stop' } }],
    [{ type: 'unsupported' }, { type: 'unsupported', errors: [{ code: 131051 }], unsupported: { type: 'poll_creation' } }],
    [{ type: 'raw', message: { type: 'hologram', hologram: { a: 1 } } }, { type: 'hologram', hologram: { a: 1 } }],
    [{ type: 'text', text: 'x', id: 'wamid.own', timestamp: 5, extra: { referral: { source_id: '1' } } }, { id: 'wamid.own', timestamp: '5', referral: { source_id: '1' } }],
  ])('can send %j', async (action, expected) => {
    await play.write(action);
    await eventually(() => expect(play.receiver.messages()[0]).toMatchObject(expected));
  }); // prettier-ignore

  it('shares media that can be fetched', async () => {
    await play.write({ type: 'image', data: Buffer.from('hello').toString('base64'), mime_type: 'image/jpeg' });
    await eventually(() => expect(play.receiver.messages()).toHaveLength(1));
    const { id } = play.receiver.messages()[0]?.['image'] as { id: string };
    const info = await play.graph('GET', id);
    const bytes = await fetch(String(info.body['url']), { headers: { authorization: 'Bearer demo-access-token' } });
    expect([await bytes.text(), bytes.headers.get('content-type')]).toEqual(['hello', 'image/jpeg']);
  });

  it('sees that the business has read the message', async () => {
    const id = await play.write({ type: 'text', text: 'Hi' });
    const read = { messaging_product: 'whatsapp', status: 'read', message_id: id, typing_indicator: { type: 'text' } };
    expect((await play.graph('POST', '106540352242922/messages', read)).body).toEqual({ success: true });
    expect((await play.chat())[0]).toMatchObject({ status: 'read' });
  });

  it('must exist to write, and must say something', async () => {
    expect((await play.control('POST', '/customers/+4915/messages', { type: 'text', text: 'x' })).status).toBe(404);
    expect((await play.control('POST', `/customers/${MAYA}/messages`, { type: 'text' })).status).toBe(400);
  });
});

describe('phone page', () => {
  it('is served with a strict policy and tells what happens', async () => {
    const page = await fetch(play.base);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await fetch(`${play.base}/phone/..%2fapp.module.js`)).status).toBe(404);
    const stop = new AbortController();
    const stream = await fetch(`${play.base}/simulator/api/events`, { signal: stop.signal });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    const id = await play.write({ type: 'text', text: 'Hi' });
    let seen = '';
    while (!seen.includes(id)) seen += (await reader?.read())?.value ?? '';
    stop.abort();
    expect(seen).toContain('event: entry');
  });

  it('lets no other site steer it', async () => {
    const response = await fetch(`${play.base}/simulator/api/reset`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(response.status).toBe(403);
  });
});
