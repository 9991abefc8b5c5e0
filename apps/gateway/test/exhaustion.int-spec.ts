import { jest } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { InMemoryEventBus } from '@parley/event-bus';
import type { Running } from '@parley/service';
import { exposition } from '@parley/telemetry';
import { eventually, freePort } from '@parley/testing';
import { serve } from '../src/app.module.js';
import { BodyBudget } from '../src/inbound/body-budget.js';
import { ChannelView } from '../src/ports/channel-view.port.js';
import { ShowChannel } from '../src/usecases/show-channel.js';
import { doorsConfig } from './support/doors-config.js';
import { envelope, rawExchange, send, sign, textWebhook } from './support/webhook-client.js';

jest.setTimeout(120_000);

const SOCKETS = 5000;
/** Opened at a time: fewer than the kernel lets wait at a door. */
const WAVE = 250;
const HEAD = 'POST /webhooks/whatsapp HTTP/1.1\r\nhost: x\r\n';

class NoView extends ChannelView {
  override send = (): Promise<undefined> => Promise.resolve(undefined);
  override stoppedReasons = (): Promise<Map<string, string>> => Promise.resolve(new Map<string, string>());
}

let gateway: Running;
let port: number;

/** Many connections that say the same, or nothing, and then wait. */
async function open(count: number, says = ''): Promise<{ sockets: Socket[]; ended: () => number; close: () => void }> {
  let ended = 0;
  const sockets: Socket[] = [];
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve());
      socket
        .on('error', () => undefined)
        .on('close', () => (ended++, resolve()))
        .resume();
      if (says) socket.write(says);
      sockets.push(socket);
    });
  for (let n = 0; n < count; n += WAVE) await Promise.all(Array.from({ length: Math.min(WAVE, count - n) }, one));
  return { sockets, ended: () => ended, close: () => sockets.forEach((socket) => socket.destroy()) };
}

async function answersOrdinaryOnes(): Promise<void> {
  for (let n = 0; n < 20; n++) expect((await send(port, textWebhook(`wamid.beside-${n}`))).status).toBe(200);
}

beforeAll(async () => {
  port = await freePort();
  gateway = await serve(await doorsConfig(port), new InMemoryEventBus(), new ShowChannel(new NoView(), new Map()));
});
afterAll(() => gateway.close());

describe('5,000 connections', () => {
  it.each([
    ['that say nothing', ''],
    ['in the middle of their headers', `${HEAD}x-slow:`],
    ['in the middle of a body', `${HEAD}content-length: 1000\r\n\r\n{`],
  ])('%s take no answer from anybody else, and are sent away', async (_what, says) => {
    const crowd = await open(SOCKETS, says);
    await answersOrdinaryOnes();
    await eventually(() => expect(crowd.ended()).toBe(SOCKETS), { timeoutMs: 60_000 });
    crowd.close();
  });
});

describe('large bodies', () => {
  const empty = envelope({ blob: '' }, 'holograms');
  const large = envelope({ blob: 'a'.repeat(4 * 1024 * 1024 - empty.length) }, 'holograms');

  it('without a signature that could be right are refused before they are read', async () => {
    for (const signature of ['', 'x-hub-signature-256: sha256=123\r\n']) {
      const answer = await rawExchange(port, [`${HEAD}${signature}content-length: 4000000\r\n\r\n`]);
      expect(answer).toMatch(/^HTTP\/1.1 401 .*connection: close/is);
    }
  });

  it('are sent away while too much of them is in hand, ordinary ones never', async () => {
    // All of them together leave less room than a large body needs, and none of them is sent away itself.
    const [count, bytes] = [16, 4_190_000];
    const begun = `${HEAD}x-hub-signature-256: ${sign('')}\r\ncontent-length: 4194304\r\n\r\n${'a'.repeat(bytes)}`;
    const crowd = await open(count, begun);
    await eventually(async () =>
      expect((await exposition()).body).toContain(`webhook_bytes_in_hand ${count * bytes}\n`),
    );
    expect((await send(port, large)).status).toBe(503);
    await answersOrdinaryOnes();
    crowd.close();
    await eventually(async () => expect((await send(port, large)).status).toBe(200));
  });
});

describe('the budget of bodies', () => {
  it('counts what has come until it is given back, and leaves ordinary bodies alone', () => {
    const budget = new BodyBudget(100_000);
    expect(budget.take(90_000, 90_000)).toBe(true);
    expect(budget.take(50_000, 50_000)).toBe(true);
    expect(budget.take(20_000, 70_000)).toBe(false);
    budget.release(90_000);
    expect(budget.take(20_000, 90_000)).toBe(true);
  });
});
