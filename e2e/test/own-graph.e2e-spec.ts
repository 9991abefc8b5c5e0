import { randomUUID } from 'node:crypto';
import { eventually } from '@parley/testing';
import { TinyGraph } from '../src/graph.js';
import { System } from '../src/system.js';
import { postWebhook, textWebhook } from '../src/webhook.js';

const PATIENCE = { timeoutMs: 30_000 };
const MAYA = '12125550101';
const TOM = '12125550109';

describe('two replicas each of gateway and conversation-service, without the simulator', () => {
  let graph: TinyGraph;
  let system: System;

  beforeAll(async () => {
    graph = await TinyGraph.start();
    system = await System.start({
      SIMULATOR: 'off',
      WHATSAPP_GRAPH_URL: graph.url,
      PARLEY_REPLICAS: 'gateway=2,conversation-service=2',
    });
  }, 240_000);
  afterAll(async () => {
    await system?.dispose();
    await graph?.stop();
  }, 60_000);

  it('prints a dash for the simulator that is off', () => {
    expect(system.lines.some((line) => / -$/.test(line) && line.includes('Parley is ready:'))).toBe(true);
  });

  it('answers a plain signed POST once, delivered to both gateways many times', async () => {
    const body = textWebhook([{ id: `wamid.${randomUUID()}`, from: MAYA, text: 'Track order 1234', name: 'Maya' }]);
    const second = `http://127.0.0.1:${system.base + 100}`;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => postWebhook(index % 2 === 0 ? system.gatewayUrl : second, body)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await eventually(() => expect(graph.textsTo(MAYA)).toHaveLength(1), PATIENCE);
    // A second question's answer comes after every copy of the first has been seen: order per customer.
    const next = textWebhook([{ id: `wamid.${randomUUID()}`, from: MAYA, text: 'list my orders please' }]);
    await postWebhook(second, next);
    await eventually(() => expect(graph.textsTo(MAYA)).toHaveLength(2), PATIENCE);
    expect(graph.textsTo(MAYA)[0]).toMatch(/Your order 1234 will arrive/);
  }, 90_000);

  it('sends what the Cloud API asks for', () => {
    const [send] = graph.sends;
    expect(send?.path).toBe('/v25.0/106540352242922/messages');
    expect(send?.body).toMatchObject({ messaging_product: 'whatsapp', type: 'text', to: `+${MAYA}` });
    expect(send?.body.biz_opaque_callback_data).toBeTruthy();
  });

  it('takes a batch of many customers in one webhook', async () => {
    const before = graph.sends.length;
    const people = Array.from({ length: 50 }, (_, index) => `4915500000${String(index).padStart(3, '0')}`);
    const messages = people.map((from) => ({ id: `wamid.${randomUUID()}`, from, text: 'hello' }));
    expect((await postWebhook(system.gatewayUrl, textWebhook(messages))).status).toBe(200);
    await eventually(() => {
      for (const from of people) expect(graph.textsTo(from)).toHaveLength(1);
    }, PATIENCE);
    expect(graph.sends.length - before).toBe(50);
  }, 90_000);

  it('goes on when one replica of each is killed', async () => {
    const [gateway] = await system.pidsOf('gateway');
    const [brain] = await system.pidsOf('conversation-service');
    process.kill(gateway ?? 0, 'SIGKILL');
    process.kill(brain ?? 0, 'SIGKILL');
    const body = textWebhook([{ id: `wamid.${randomUUID()}`, from: TOM, text: 'where is my order 1240' }]);
    const answer = await eventually(async () => {
      const response = await postWebhook(system.gatewayUrl, body);
      if (!response.ok) throw new Error(`answered ${response.status}`);
      return response;
    }, PATIENCE);
    expect(answer.status).toBe(200);
    await eventually(() => expect(graph.textsTo(TOM)).toHaveLength(1), PATIENCE);
    expect(graph.textsTo(TOM)[0]).toContain('1240');
  }, 90_000);
});
