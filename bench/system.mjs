// A whole Parley for a benchmark: the launcher of `npm start` on ports and data of its own, and a Graph API that only counts.
import { spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../tools/launcher/paths.mjs';

const BASE = 31_000;
const SECRET = 'demo-app-secret';
const NUMBER_ID = '106540352242922';

/** Takes every message at once and tells `onSend` about it. */
export async function startGraph(onSend) {
  let count = 0;
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const at = performance.now();
      count += 1;
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ messaging_product: 'whatsapp', contacts: [], messages: [{ id: `wamid.${randomUUID()}` }] }),
      );
      onSend(JSON.parse(Buffer.concat(chunks)), at);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, count: () => count, stop: () => server.close() };
}

/** Starts everything and waits for the ready line. */
export async function startSystem(env = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  const began = performance.now();
  const child = spawn(process.execPath, [join(root, 'tools/launcher/main.mjs')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      GATEWAY_PORT: String(BASE),
      DESK_PORT: String(BASE + 1),
      SIMULATOR_PORT: String(BASE + 2),
      OPS_PORT_BASE: String(BASE + 200),
      GRPC_PORT_BASE: String(BASE + 250),
      PARLEY_DATA_DIR: dataDir,
      ...env,
    },
  });
  const exited = new Promise((resolve) => child.on('exit', resolve));
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (data) => String(data).includes('Parley is ready') && resolve());
    void exited.then(() => reject(new Error('Parley ended before it was ready.')));
  });
  return {
    readyMs: performance.now() - began,
    pid: child.pid,
    dataDir,
    gateway: `http://127.0.0.1:${BASE}`,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The body and headers of a signed webhook with one text message. */
export function signedText(from, text) {
  const id = `wamid.${randomUUID()}`;
  const message = { from, id, timestamp: String(Math.floor(Date.now() / 1000)), type: 'text', text: { body: text } };
  const metadata = { display_phone_number: '15550783881', phone_number_id: NUMBER_ID };
  const contacts = [{ profile: { name: 'Bench' }, wa_id: from }];
  const value = { messaging_product: 'whatsapp', metadata, contacts, messages: [message] };
  const entry = [{ id: '102290129340398', changes: [{ field: 'messages', value }] }];
  const body = JSON.stringify({ object: 'whatsapp_business_account', entry });
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  return { body, headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` } };
}

/** Percentiles of a list of milliseconds, to a tenth. */
export function percentiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) * 10) / 10;
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}
