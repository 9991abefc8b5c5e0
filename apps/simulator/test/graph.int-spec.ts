import { eventually } from '@parley/testing';
import { ACCOUNT, MAYA, NUMBER, Play, wamidOf } from './play.js';

const play = new Play();
beforeAll(() => play.start());
afterAll(() => play.stop());
beforeEach(() => play.reset());

describe('Graph API', () => {
  it('takes a message and reports it sent, delivered and read, signed', async () => {
    await play.openWindow();
    const answer = await play.send({ biz_opaque_callback_data: 'own-1' });
    expect(answer.body).toMatchObject({
      messaging_product: 'whatsapp',
      contacts: [{ input: MAYA, wa_id: '12125550101' }],
    });
    await eventually(() => expect(play.receiver.statuses()).toHaveLength(3));
    const statuses = play.receiver.statuses();
    expect(statuses.map(({ status }) => status)).toEqual(['sent', 'delivered', 'read']);
    expect(statuses[0]).toMatchObject({
      id: wamidOf(answer),
      recipient_id: '12125550101',
      biz_opaque_callback_data: 'own-1',
      pricing: { pricing_model: 'PMP', category: 'service' },
    });
    expect(statuses[0]?.timestamp).toMatch(/^\d{10}$/);
    expect(play.receiver.received.every(({ valid }) => valid)).toBe(true);
  });

  it.each([
    ['no token', undefined, 401],
    ['a wrong token', 'x', 401],
  ])('refuses %s', async (_, token, status) => {
    const answer = await play.graph('POST', `${NUMBER}/messages`, {}, token ?? '');
    expect([answer.status, answer.body.error?.code]).toEqual([status, 190]);
    expect(answer.body.error?.fbtrace_id).toMatch(/^A/);
  });

  it('does not know the numbers, accounts and objects of others', async () => {
    const answers = await Promise.all([
      play.graph('POST', '999/messages', {}),
      play.graph('GET', '999/message_templates'),
      play.graph('GET', '999'),
      play.graph('DELETE', '999'),
    ]);
    expect(answers.map(({ status, body }) => [status, body.error?.code, body.error?.error_subcode])).toEqual(
      Array.from({ length: 4 }, () => [400, 100, 33]),
    );
  });

  it('answers a body that is not JSON in its own shape', async () => {
    const headers = { authorization: 'Bearer demo-access-token', 'content-type': 'application/json' };
    const response = await fetch(`${play.base}/v25.0/${NUMBER}/messages`, { method: 'POST', headers, body: '{"a' });
    expect([response.status, ((await response.json()) as { error: object }).error]).toEqual([
      400,
      expect.objectContaining({ code: 100 }),
    ]);
  });

  it('lets a free-form message outside the window fail by status', async () => {
    const answer = await play.send();
    expect(answer.status).toBe(200);
    await eventually(() => expect(play.receiver.statuses()).toHaveLength(1));
    expect(play.receiver.statuses()[0]).toMatchObject({ status: 'failed', errors: [{ code: 131047 }] });
    await play.faults({ limits: { window: 'answer' } });
    expect((await play.send()).body.error?.code).toBe(131047);
  });

  it('stops a flood to one person, and one of a number', async () => {
    await play.faults({ limits: { window: 'off' } });
    const answers = await Promise.all(Array.from({ length: 50 }, () => play.send()));
    const codes = answers.flatMap(({ body }) => body.error?.code ?? []);
    expect(codes).toEqual([131056, 131056, 131056, 131056, 131056]);
    await play.faults({ limits: { window: 'off', messages_per_second: 1 } });
    const [, second] = [await play.send({}, '+4915100000001'), await play.send({}, '+4915100000002')];
    expect([second.status, second.body.error?.code]).toEqual([429, 130429]);
  });

  it('sends templates outside the window, but only those that exist', async () => {
    const template = (name: string) => ({ type: 'template', template: { name, language: { code: 'en_US' } } });
    const [known, unknown] = [await play.send(template('hello_world')), await play.send(template('hello_mars'))];
    expect(known.body['messages']).toEqual([expect.objectContaining({ message_status: 'accepted' })]);
    expect([unknown.status, unknown.body.error?.code]).toEqual([404, 132001]);
  });

  it('creates, lists, pages and deletes templates', async () => {
    const components = [{ type: 'BODY', text: 'Order {{1}} is ready.' }];
    const body = { name: 'order_ready', language: 'de', category: 'UTILITY', components };
    const created = await play.graph('POST', `${ACCOUNT}/message_templates`, body);
    expect(created.body).toMatchObject({ status: 'PENDING', category: 'UTILITY' });
    await play.control('POST', `/templates/${String(created.body['id'])}/status`, { status: 'PAUSED' });
    const paused = await play.graph('GET', `${ACCOUNT}/message_templates?name=order_ready&fields=status`);
    expect(paused.body['data']).toEqual([{ id: created.body['id'], status: 'PAUSED' }]);
    await eventually(() => expect(play.receiver.values()).toContainEqual(expect.objectContaining({ event: 'PAUSED' })));
    const page = await play.graph('GET', `${ACCOUNT}/message_templates?limit=1`);
    expect(page.body).toMatchObject({ data: [{ name: 'hello_world' }], paging: { cursors: {} } });
    expect((await play.graph('DELETE', `${ACCOUNT}/message_templates?name=order_ready`)).body).toEqual({
      success: true,
    });
  });

  it('stores media, tells where, and hands them out to who may', async () => {
    const form = new FormData();
    form.set('messaging_product', 'whatsapp');
    form.set('file', new Blob(['%PDF-1.4'], { type: 'application/pdf' }), 'a.pdf');
    const authorization = 'Bearer demo-access-token';
    const uploaded = await fetch(`${play.base}/v25.0/${NUMBER}/media`, {
      method: 'POST',
      headers: { authorization },
      body: form,
    });
    const { id } = (await uploaded.json()) as { id: string };
    const info = await play.graph('GET', id);
    expect(info.body).toMatchObject({ mime_type: 'application/pdf', file_size: 8, id });
    const url = String(info.body['url']);
    expect((await fetch(url)).status).toBe(401);
    expect(await (await fetch(url, { headers: { authorization } })).text()).toBe('%PDF-1.4');
    await play.openWindow();
    expect((await play.send({ type: 'document', document: { id, filename: 'a.pdf' } })).status).toBe(200);
    expect((await play.graph('DELETE', id)).body).toEqual({ success: true });
    expect((await play.send({ type: 'document', document: { id } })).body.error?.code).toBe(100);
  });

  it('keeps every send as it came, without the token', async () => {
    await play.openWindow();
    const first = await play.send({ biz_opaque_callback_data: 'own-1' });
    await play.send({ text: {} });
    const { body } = await play.control('GET', '/sends?since=0');
    const sends = body['sends'] as { seq: number; headers: object; body: object; result: object }[];
    expect(sends.map(({ result }) => result)).toEqual([
      expect.objectContaining({ kind: 'accepted', accepted: true, wamid: wamidOf(first) }),
      expect.objectContaining({ kind: 'error', accepted: false, code: 100 }),
    ]);
    expect(sends[0]?.body).toMatchObject({ biz_opaque_callback_data: 'own-1', to: MAYA });
    expect(JSON.stringify(sends)).not.toContain('demo-access-token');
    const later = await play.control('GET', `/sends?since=${String(body['last'])}`);
    expect(later.body['sends']).toEqual([]);
  });
});
