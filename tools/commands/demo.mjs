// npm run demo: plays "Track order 1234" against a running `npm start`, from signed webhook to reply, and shows each hop's time.
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '@parley/config';
import { audit } from '@parley/contracts';
import { grpcClient, grpcTls, grpcTlsSettings } from '@parley/grpc';
import { ports } from '../launcher/services.mjs';

const PATIENCE_MS = 20_000;
const at = ports();
const simulator = `http://127.0.0.1:${at.simulator}/simulator/api`;

async function json(path, options) {
  const response = await fetch(`${simulator}${path}`, options);
  if (!response.ok) throw new Error(`The simulator answered ${response.status}: ${await response.text()}`);
  return response.json();
}

async function until(what, look) {
  for (const began = Date.now(); Date.now() - began < PATIENCE_MS; await sleep(20)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`${what} did not happen within ${PATIENCE_MS / 1000} s. Look into the logs of the data folder.`);
}

/** What an audit entry is called in the table, and where it stands on the way. */
const HOPS = [
  ['received', 'gateway', 'webhook verified and durable'],
  ['intent_understood', 'conversation -> intent', 'understood'],
  ['call_made', 'conversation -> erp', 'order looked up'],
  ['message_requested', 'conversation', 'reply decided and committed'],
  ['graph.messages', 'gateway -> Graph API', 'reply sent and accepted'],
];

/** Of these topics' entries there is one for every answer, whatever was asked. */
const ALWAYS = ['intent_understood', 'message_requested', 'graph.messages'];

function hopOf({ action }) {
  return HOPS.find(([name]) => action === name || action.endsWith(name));
}

/** Meta's own time of a message is in whole seconds; when the gateway had it is exact. */
const timeOf = ({ metadata, occurredAt }) => new Date(metadata?.receivedAt ?? occurredAt).getTime();

function table(entries, began) {
  let previous = began;
  console.log(`\n  ${'hop'.padEnd(26)}${'what'.padEnd(34)}${'at'.padStart(8)}${'took'.padStart(9)}`);
  for (const entry of entries) {
    const hop = hopOf(entry);
    if (!hop) continue;
    const time = timeOf(entry);
    console.log(
      `  ${hop[1].padEnd(26)}${hop[2].padEnd(34)}${`${time - began} ms`.padStart(8)}${`${Math.max(0, time - previous)} ms`.padStart(9)}`,
    );
    previous = Math.max(previous, time);
  }
}

async function play(client) {
  const phone = process.env.DEMO_PHONE ?? '+12125550101';
  const text = process.env.DEMO_TEXT ?? 'Track order 1234';
  const chat = () =>
    json(`/customers/${phone}/chat`).then(({ messages }) => messages.filter(({ direction }) => direction === 'in'));
  const before = (await chat()).length;
  const began = Date.now();
  const { id } = await json(`/customers/${phone}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'text', text }),
  });
  const reply = await until('The reply', async () => (await chat())[before]);
  const took = new Date(reply.at).getTime() - began;
  console.log(
    `\n  customer  ${text}\n  Parley    ${reply.text}\n\n  ${took} ms from the customer's phone to the reply on it`,
  );
  const empty = { customer: '', order: '', session: '', requestId: '', limit: 0, pageToken: '' };
  const session = await until('The audit entry', async () => {
    const { entries } = await client.query({ ...empty, requestId: id });
    return entries.find((entry) => entry.session)?.session;
  });
  const all = await until('The whole trail', async () => {
    const { entries } = await client.query({ ...empty, session, from: new Date(began - 1000) });
    // What this customer asked a moment ago is in the same conversation; and one topic may be audited before another.
    const seen = new Set(entries.filter((entry) => timeOf(entry) >= began).map((entry) => hopOf(entry)?.[0]));
    return ALWAYS.every((hop) => seen.has(hop)) ? entries : undefined;
  });
  const { entries: received } = await client.query({ ...empty, requestId: id });
  const trail = [
    ...new Map([...received, ...all].map((entry) => [`${entry.chain}/${entry.sequence}`, entry])).values(),
  ];
  const hops = trail.filter((entry) => timeOf(entry) >= began);
  table(
    hops.sort((a, b) => timeOf(a) - timeOf(b) || Number(a.sequence - b.sequence)),
    began,
  );
  console.log(`\n  ${trail.length} audit entries so far, conversation ${session}\n`);
}

export async function main(args) {
  if (args.includes('--help')) {
    console.log(
      'npm run demo: needs a running `npm start` with the simulator. DEMO_PHONE and DEMO_TEXT change who asks what.',
    );
    return 0;
  }
  const client = grpcClient(audit.AuditServiceClient, `127.0.0.1:${at.grpcBase + 6}`, {
    deadlineMs: 5000,
    tls: grpcTls(loadConfig(grpcTlsSettings, process.env)),
    server: 'audit-service',
  });
  try {
    await play(client);
    return 0;
  } catch (error) {
    const away = error.cause?.code === 'ECONNREFUSED';
    console.error(
      away ? 'Nothing answers. Start Parley with `npm start` (with the simulator) and try again.' : error.message,
    );
    return 1;
  } finally {
    client.close();
  }
}
