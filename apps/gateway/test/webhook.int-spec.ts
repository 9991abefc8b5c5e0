import { jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { InMemoryEventBus, topics, type EventBus, type OutgoingRecord, type Unsendable } from '@parley/event-bus';
import { unavailable } from '@parley/errors';
import type { Running } from '@parley/service';
import { counter, exposition } from '@parley/telemetry';
import { freePort } from '@parley/testing';
import { serve } from '../src/app.module.js';
import { ChannelView } from '../src/ports/channel-view.port.js';
import { ShowChannel } from '../src/usecases/show-channel.js';
import { doorsConfig } from './support/doors-config.js';
import { envelope, mixedWebhook, rawExchange, SECRET, send, sign, textWebhook } from './support/webhook-client.js';

// A PostgreSQL of its own is started first, on a machine that may be busy.
jest.setTimeout(60_000);

class NoView extends ChannelView {
  override send = (): Promise<undefined> => Promise.resolve(undefined);
  override stoppedReasons = (): Promise<Map<string, string>> => Promise.resolve(new Map<string, string>());
}

class Bus extends InMemoryEventBus {
  away = false;

  override async publish(records: OutgoingRecord[]): Promise<void> {
    if (this.away) throw unavailable('POSTGRES.UNAVAILABLE', 'away');
    await super.publish(records);
  }
}

const UNREADABLE = 'parley_gateway_unreadable_webhooks_total';

let bus: Bus;
let gateway: Running;
let port: number;

const inbound = async () => (await bus.published(topics.whatsappInbound)).map(({ value }) => value);
const statuses = async () => (await bus.published(topics.whatsappStatus)).map(({ value }) => value);
const letters = () => bus.deadLetters.list();

/** The gateway is started once; each test has a bus of its own behind it. */
const anyBus = {
  publish: (records: OutgoingRecord[]) => bus.publish(records),
  laneOf: (key: string, lanes: number) => bus.laneOf(key, lanes),
  deadLetters: { keep: (entries: Unsendable[]) => bus.deadLetters.keep(entries) },
} as unknown as EventBus;

beforeEach(() => {
  bus = new Bus();
});

beforeAll(async () => {
  port = await freePort();
  const config = await doorsConfig(port, { WHATSAPP_APP_SECRET_PREVIOUS: 'the-one-before' });
  gateway = await serve(config, anyBus, new ShowChannel(new NoView(), new Map()));
});

afterAll(() => gateway.close());

describe('the handshake', () => {
  const query = (changes: Record<string, string>) =>
    `/webhooks/whatsapp?${new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.verify_token': 'demo-verify-token', 'hub.challenge': '1158201444', ...changes }).toString()}`;

  it('echoes the challenge as plain text for the right token', async () => {
    const { status, headers, body } = await send(port, '', {}, 'GET', query({ 'hub.challenge': '<b>1158201444</b>' }));
    expect({ status, type: headers['content-type'], body }).toEqual({
      status: 200,
      type: 'text/plain',
      body: '<b>1158201444</b>',
    });
  });

  it.each([
    ['a wrong token', { 'hub.verify_token': 'wrong' }],
    ['an empty token', { 'hub.verify_token': '' }],
    ['another mode', { 'hub.mode': 'unsubscribe' }],
  ])('refuses %s', async (_what, changes) => {
    expect(await send(port, '', {}, 'GET', query(changes))).toMatchObject({ status: 403, body: '' });
  });

  it('refuses two tokens, the right one first', async () => {
    const path = `${query({})}&hub.verify_token=other`;
    expect(await send(port, '', {}, 'GET', path)).toMatchObject({ status: 403, body: '' });
  });

  it('refuses when nothing is said', async () => {
    expect((await send(port, '', {}, 'GET')).status).toBe(403);
  });
});

describe('a signed webhook', () => {
  it('is answered 200 once its item is durable', async () => {
    const body = textWebhook();
    expect(await send(port, body)).toMatchObject({ status: 200, body: '' });
    const [item] = await inbound();
    expect(item).toMatchObject({ itemId: 'wamid.1', type: 'text', field: 'messages' });
  });

  it('is accepted under the secret before, while that is rotated', async () => {
    const body = textWebhook();
    expect((await send(port, body, { 'x-hub-signature-256': sign(body, 'the-one-before') })).status).toBe(200);
  });

  it('is produced every time it comes', async () => {
    const body = textWebhook();
    await send(port, body);
    await send(port, body);
    expect(await inbound()).toHaveLength(2);
  });

  it.each([
    ['beside the entries', { object: 'w', entry: [], hologram: 'unseen' }],
    ['in an entry', { object: 'w', entry: [{ id: '1', changes: [], hologram: 'unseen' }] }],
    ['in a change', { object: 'w', entry: [{ changes: [{ field: 'messages', value: {}, hologram: 'unseen' }] }] }],
    ['in a value', JSON.parse(envelope({ messages: [], hologram: 'unseen' })) as unknown],
    [
      'beside preferences',
      JSON.parse(envelope({ user_preferences: [], hologram: 'unseen' }, 'user_preferences')) as unknown,
    ],
    ['where a list belongs', JSON.parse(envelope({ messages: { hologram: 'unseen' }, errors: [{}] })) as unknown],
  ])('drops nothing it does not know %s', async (_where, body) => {
    expect((await send(port, JSON.stringify(body))).status).toBe(200);
    const kept = (await inbound()).map(({ raw }) => Buffer.from(raw).toString());
    expect(kept.filter((raw) => raw.includes('unseen'))).toHaveLength(1);
  });

  it('may hold a thousand mixed items', async () => {
    expect((await send(port, mixedWebhook(1000))).status).toBe(200);
    expect(await inbound()).toHaveLength(500);
    expect(await statuses()).toHaveLength(500);
  });

  it('keeps kinds and fields never seen before', async () => {
    const body = envelope({ hologram: { at: 1 } }, 'holograms');
    expect((await send(port, body)).status).toBe(200);
    const [item] = await inbound();
    expect(item?.field).toBe('holograms');
    expect(JSON.parse(item?.raw.toString() ?? '')).toEqual({ field: 'holograms', value: { hologram: { at: 1 } } });
  });

  it('leaves no card number, IBAN or one-time code in what is produced, and every id', async () => {
    const [card, iban, id] = ['5555-5555-5555-4444', 'DE89 3704 0044 0532 0130 00', 'wamid.4111111111111111'];
    const said = `Order 1234: card ${card}, ${iban}, my OTP is 482913`;
    const hologram = { type: 'hologram', hologram: { says: said } };
    const messages = [{ id, from: '4111111111111111', type: 'text', text: { body: said } }, hologram];
    expect((await send(port, envelope({ messages }))).status).toBe(200);
    const [text, other] = await inbound();
    const kept = 'Order 1234: card ••••4444, DE••••3000, my OTP is ••••';
    expect(text).toMatchObject({ itemId: id, contact: { waId: '4111111111111111' } });
    expect(text?.content).toEqual({ $case: 'text', value: { body: kept } });
    for (const { raw } of [text, other].flatMap((item) => item ?? [])) {
      expect(raw.toString()).toContain(kept);
      expect(raw.toString()).not.toMatch(/5555|3704|482913/);
    }
  });

  it('may have an empty entry', async () => {
    expect((await send(port, '{"object":"whatsapp_business_account","entry":[]}')).status).toBe(200);
    expect((await send(port, '{"object":"whatsapp_business_account","entry":[{}]}')).status).toBe(200);
    expect(await inbound()).toHaveLength(1);
  });

  it('is answered 503 with Retry-After while the store is away, and 200 after', async () => {
    const body = textWebhook();
    bus.away = true;
    const { status, headers } = await send(port, body);
    expect({ status, retry: headers['retry-after'] }).toEqual({ status: 503, retry: '2' });
    bus.away = false;
    expect((await send(port, body)).status).toBe(200);
  });
});

describe('an unsigned webhook', () => {
  const body = textWebhook();
  const good = sign(body);

  it.each<[string, Record<string, string | string[]>]>([
    ['no signature', {}],
    ['the signature of another body', { 'x-hub-signature-256': sign(`${body} `) }],
    ['the signature of another secret', { 'x-hub-signature-256': sign(body, 'guess') }],
    ['two signature headers', { 'x-hub-signature-256': [good, good] }],
    ['two signatures in one header', { 'x-hub-signature-256': `${good}, ${good}` }],
    ['the scheme in capitals', { 'x-hub-signature-256': good.replace('sha256', 'SHA256') }],
    ['capital hex', { 'x-hub-signature-256': `sha256=${good.slice(7).toUpperCase()}` }],
    ['a truncated digest', { 'x-hub-signature-256': good.slice(0, -1) }],
    ['a digest and more', { 'x-hub-signature-256': `${good}0` }],
    ['no scheme', { 'x-hub-signature-256': good.slice(7) }],
    ['the old SHA-1 header', { 'x-hub-signature': `sha1=${'0'.repeat(40)}` }],
  ])('with %s is refused with an empty 401 and leaves nothing', async (_what, headers) => {
    expect(await send(port, body, headers)).toMatchObject({ status: 401, body: '' });
    expect(await inbound()).toEqual([]);
    expect(await letters()).toEqual([]);
  });
});

describe('a signed body that is no webhook', () => {
  it.each([
    ['not JSON', 'hello'],
    ['empty', ''],
    ['half a body', textWebhook().slice(0, -5)],
    ['JSON with a byte order mark', `\uFEFF${textWebhook()}`],
    ['an array', '[]'],
    ['a string', '"object"'],
    ['null', 'null'],
    ['an object without entry', '{"object":"whatsapp_business_account"}'],
    ['an entry that is no array', '{"object":"whatsapp_business_account","entry":{}}'],
    ['an object that is no string', '{"object":1,"entry":[]}'],
    ['half a body, nested deep', `{"object":"x","entry":[${'['.repeat(200_000)}${']'.repeat(199_999)}]}`],
    [
      'nested deep, with an entry that is no array',
      `{"object":"x","entry":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`,
    ],
  ])('(%s) is answered 400 and kept among the dead letters', async (_what, body) => {
    expect((await send(port, body)).status).toBe(400);
    const [letter] = await letters();
    expect(letter).toMatchObject({ topic: 'whatsapp.inbound' });
    const { value } = await bus.deadLetters.show(letter?.id ?? '');
    expect(Buffer.from(value ?? []).toString()).toBe(body);
    expect(await inbound()).toEqual([]);
  });

  it('is counted by what is wrong with it', async () => {
    const counted = async (): Promise<number> => {
      const counts = await counter(UNREADABLE, '', ['reason']).get();
      return counts.values.reduce((sum, { value, labels }) => (labels.reason ? sum + value : sum), 0);
    };
    const before = await counted();
    for (const body of ['hello', '[]', '{"object":1,"entry":[]}']) await send(port, body);
    expect(await counted()).toBe(before + 3);
    await send(port, textWebhook());
    expect(await counted()).toBe(before + 3);
    expect((await exposition()).body).toMatch(new RegExp(`^${UNREADABLE}\\{reason="[A-Z_.]+"\\} \\d+$`, 'm'));
  });

  it('is kept without the card numbers in it', async () => {
    expect((await send(port, 'card 4111 1111 1111 1111')).status).toBe(400);
    const [letter] = await letters();
    const { value } = await bus.deadLetters.show(letter?.id ?? '');
    expect(Buffer.from(value ?? []).toString()).toBe('card ••••1111');
  });

  it('that is not even text is kept byte by byte', async () => {
    const bytes = randomBytes(512);
    expect((await send(port, bytes)).status).toBe(400);
    const [letter] = await letters();
    expect(Buffer.from((await bus.deadLetters.show(letter?.id ?? '')).value ?? [])).toEqual(bytes);
  });
});

describe('a body beyond 4 MB', () => {
  const LIMIT = 4 * 1024 * 1024;

  it('is refused by its declared length, before it is sent', async () => {
    const head = `POST /webhooks/whatsapp HTTP/1.1\r\nhost: x\r\ncontent-length: ${LIMIT + 1}\r\n\r\n`;
    expect(await rawExchange(port, [head])).toMatch(/^HTTP\/1.1 413 .*connection: close/is);
  });

  it('is refused while it is asked whether it may come', async () => {
    const head = `POST /webhooks/whatsapp HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: ${LIMIT + 1}\r\n\r\n`;
    const answer = await rawExchange(port, [head]);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).not.toContain('100 Continue');
  });

  it('is refused as soon as an undeclared length passes the limit', async () => {
    const head = 'POST /webhooks/whatsapp HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n';
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(0x100000, 'a'), Buffer.from('\r\n')]);
    expect(await rawExchange(port, [head, chunk, chunk, chunk, chunk, chunk])).toMatch(/^HTTP\/1.1 413 /);
  });

  it('is accepted up to the limit', async () => {
    const empty = envelope({ blob: '' }, 'holograms');
    const body = envelope({ blob: 'a'.repeat(LIMIT - empty.length) }, 'holograms');
    expect(Buffer.byteLength(body)).toBe(LIMIT);
    expect((await send(port, body)).status).toBe(200);
  });
});

describe('hostile content under a good signature', () => {
  const text = (body: string): string => textWebhook('wamid.x', 'BODY').replace('"BODY"', body);
  const DEEP = '['.repeat(2_000_000) + ']'.repeat(2_000_000);
  const keys = Array.from({ length: 300_000 }, (_, n) => `"k${n}":1`).join(',');

  it.each([
    [
      '__proto__',
      `{"__proto__":{"polluted":1},"object":"w","entry":[{"__proto__":1,"changes":[{"field":"__proto__","value":{"__proto__":[]}}]}]}`,
    ],
    ['depth 10,000 in a value', envelope({ deep: 'DEEP' }).replace('"DEEP"', '['.repeat(10_000) + ']'.repeat(10_000))],
    ['depth 10,000 in a message', text('{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000))],
    ['two million levels in a field never seen', envelope('DEEP', 'holograms').replace('"DEEP"', DEEP)],
    ['two million levels for an entry', `{"object":"w","entry":[${DEEP}]}`],
    ['hundreds of thousands of keys', envelope('KEYS').replace('"KEYS"', `{${keys}}`)],
    ['hundreds of thousands of keys in a message', text(`{${keys}}`)],
    [
      'hundreds of thousands of messages',
      envelope({ messages: 'MANY' }).replace('"MANY"', `[${'{},'.repeat(400_000)}{}]`),
    ],
    ['NUL', text('"a\\u0000b"').replace('wamid.x', 'wamid.\\u0000')],
    ['lone surrogates', text('"\\ud800 and \\udfff"')],
    ['missing metadata', envelope({ messages: [{ id: 'wamid.2', type: 'text', text: { body: 'hi' } }] })],
    ['an unknown type', envelope({ messages: [{ id: 'wamid.3', type: 'telepathy', telepathy: {} }] })],
    [
      'scalars where objects belong',
      '{"object":"w","entry":[1,null,"x",{"changes":[2,{"value":3}]},{"changes":[{"field":"messages","value":{"messages":[4]}}]}]}',
    ],
  ])('(%s) is kept, and the gateway answers others', async (_what, body) => {
    const [answer, after] = await Promise.all([send(port, body), send(port, textWebhook('wamid.after'))]);
    expect(answer.status).toBe(200);
    expect(after.status).toBe(200);
    const kept = await inbound();
    expect(kept.length).toBeGreaterThanOrEqual(2);
    expect({}).not.toHaveProperty('polluted');
    for (const { itemId } of kept) expect(itemId).toMatch(/^[\x21-\x7e]+$/);
  });
});

describe('other doors', () => {
  it('has no other methods on the webhook', async () => {
    expect(await send(port, '', {}, 'PUT')).toMatchObject({ status: 405 });
  });

  it('says that secure links are not there yet', async () => {
    const { status, body } = await send(port, '', {}, 'GET', '/l/abc');
    expect({ status, body }).toEqual({ status: 404, body: 'Secure links are not available yet.\n' });
  });

  it('knows nothing else', async () => {
    expect((await send(port, '', {}, 'GET', '/webhooks/whatsapp/more')).status).toBe(404);
    for (const path of ['/12125550101?email=maya@example.com', '/l/%E0%A4%A-12125550101']) {
      const { status, headers, body } = await send(port, '', {}, 'GET', path);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(`${JSON.stringify(headers)} ${body}`).not.toMatch(/2125550101|maya|express/i);
    }
  });

  it('finishes what it has before it closes', async () => {
    const answers = Array.from({ length: 20 }, (_, n) =>
      send(port, textWebhook(`wamid.${n}`), { 'x-hub-signature-256': sign(textWebhook(`wamid.${n}`), SECRET) }),
    );
    await Promise.race(answers);
    await gateway.close();
    const settled = await Promise.allSettled(answers);
    const accepted = settled.filter((one) => one.status === 'fulfilled' && one.value.status === 200);
    expect((await inbound()).length).toBeGreaterThanOrEqual(accepted.length);
  });
});
