// A whole Parley with two replicas each of gateway and conversation-service, the Graph API beside it, and webhooks for both doors.
import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { conversation, crm } from '@parley/contracts';
import { grpcClient } from '@parley/grpc';
import { root } from '../../tools/launcher/paths.mjs';
import { scratchFolder } from '../../tools/scratch.mjs';

const SECRET = 'demo-app-secret';
const NUMBER = '106540352242922';
/** The second replica's ports are this much higher. */
const REPLICA = 100;
const OWN = /^(KAFKA_|GATEWAY_|DESK_|SIMULATOR|OPS_PORT|GRPC_PORT|PARLEY_|DATABASE_URL|OTEL_|WHATSAPP_|NODE_ENV)/;
const LONGEST_MS = 600_000;

/** Keeps what was sent to whom: by phone, or by user id where there is none. */
async function startGraph() {
  const sends = new Map();
  const server = createServer((incoming, response) => {
    let text = '';
    incoming.setEncoding('utf8').on('data', (part) => (text += part));
    incoming.on('end', () => {
      const { to, recipient, context } = JSON.parse(text);
      const whom = String(to ?? recipient).replace('+', '');
      sends.set(whom, [...(sends.get(whom) ?? []), context?.message_id ?? '']);
      response.setHeader('content-type', 'application/json');
      const id = `wamid.${randomBytes(12).toString('hex')}`;
      response.end(JSON.stringify({ messaging_product: 'whatsapp', contacts: [], messages: [{ id }] }));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, sends, stop };
}

async function startBroker(bus) {
  if (bus !== 'kafka') return undefined;
  const { startKafka } = await import('../../tools/kafka/kafka.mjs');
  return startKafka();
}

function environment(base, { dataDir, graph, broker }) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OWN.test(name)));
  return {
    ...clean,
    GATEWAY_PORT: String(base),
    DESK_PORT: String(base + 1),
    SIMULATOR: 'off',
    OPS_PORT_BASE: String(base + 200),
    GRPC_PORT_BASE: String(base + 250),
    PARLEY_DATA_DIR: dataDir,
    PARLEY_REPLICAS: 'gateway=2,conversation-service=2',
    WHATSAPP_GRAPH_URL: graph.url,
    WHATSAPP_MESSAGES_PER_SECOND: '1000',
    ...(broker ? { KAFKA_BROKERS: broker.brokers } : {}),
  };
}

/** Resolves when it is ready. @throws Error when it ends before that */
async function launch(env) {
  const child = spawn(process.execPath, [join(root, 'tools/launcher/main.mjs')], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.on('exit', resolve));
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (data) => String(data).includes('Parley is ready') && resolve());
    void exited.then(() => reject(new Error('Parley ended before it was ready.')));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  return { stop };
}

/** A signed webhook to one of the two gateways; resolves with the status. */
function poster(base) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const post = (body, door) =>
    new Promise((resolve, reject) => {
      const signature = createHmac('sha256', SECRET).update(body).digest('hex');
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-hub-signature-256': `sha256=${signature}`,
      };
      const port = base + REPLICA * (door % 2);
      const options = { host: '127.0.0.1', port, path: '/webhooks/whatsapp', method: 'POST', headers, agent };
      const sent = request(options, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  return { post, close: () => agent.destroy() };
}

/** The body of a webhook: messages `{ id, from?, userId?, text }`. */
export function webhookOf(messages) {
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '15550783881', phone_number_id: NUMBER },
    contacts: messages.map(({ from, userId }) => ({ profile: { name: 'Racer' }, wa_id: from, user_id: userId })),
    messages: messages.map(({ id, from, userId, text }) => {
      const timestamp = String(Math.floor(Date.now() / 1000));
      return { from, from_user_id: userId, id, timestamp, type: 'text', text: { body: text } };
    }),
  };
  const entry = [{ id: '102290129340398', changes: [{ field: 'messages', value }] }];
  return JSON.stringify({ object: 'whatsapp_business_account', entry });
}

/** An id that no run has given before. */
export const freshId = () => `wamid.${randomBytes(12).toString('hex')}`;

/** Tries until it is so. @throws Error that says what did not come, at the end of all patience */
export async function until(what, attempt) {
  const end = Date.now() + LONGEST_MS;
  while (!(await attempt())) {
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}.`);
    await sleep(50);
  }
}

/** Starts everything; `stop` ends it and removes its data. */
export async function startTrack(bus) {
  const graph = await startGraph();
  const broker = await startBroker(bus);
  const dataDir = scratchFolder('races');
  const base = 12_000 + Math.floor(Math.random() * 20) * 500;
  const parley = await launch(environment(base, { dataDir, graph, broker }));
  const { post, close } = poster(base);
  const options = { deadlineMs: 20_000 };
  const clients = {
    conversation: grpcClient(conversation.ConversationServiceClient, `127.0.0.1:${base + 251}`, options),
    crm: grpcClient(crm.CrmServiceClient, `127.0.0.1:${base + 253}`, options),
  };
  const stop = async () => {
    close();
    for (const client of Object.values(clients)) client.close();
    await parley.stop();
    await broker?.stop();
    graph.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { bus, sends: graph.sends, post, ...clients, stop };
}
