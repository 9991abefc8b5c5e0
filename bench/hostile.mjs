// Signed bodies made to hurt: how long the gateway takes for each, and for an ordinary webhook that arrives beside it.
import { createHmac } from 'node:crypto';
import { signedText, startGraph, startSystem } from './system.mjs';

export const help = 'signed hostile bodies: milliseconds to the answer, and for an ordinary webhook beside each';
const SECRET = 'demo-app-secret';
const wrap = (value) =>
  `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":${value}}]}]}`;
const keys = Array.from({ length: 250_000 }, (_, n) => `"k${n}":1`).join(',');
const BODIES = {
  'depth 10,000': wrap(`{"deep":${'['.repeat(10_000)}${']'.repeat(10_000)}}`),
  '250,000 keys': wrap(`{${keys}}`),
  '1,000,000 empty entries': `{"object":"w","entry":[${'{},'.repeat(999_999)}{}]}`,
  '400,000 messages': wrap(`{"messages":[${'{},'.repeat(399_999)}{}]}`),
  'one text of 3.9 MB': wrap(
    `{"messages":[{"id":"wamid.long","type":"text","text":{"body":"${'a'.repeat(3_900_000)}"}}]}`,
  ),
};

async function timed(url, body, headers) {
  const began = performance.now();
  const { status } = await fetch(url, { method: 'POST', body, headers });
  return { status, ms: Math.round(performance.now() - began) };
}

export async function run() {
  const graph = await startGraph(() => undefined);
  const system = await startSystem({ SIMULATOR: 'off', WHATSAPP_GRAPH_URL: graph.url });
  const url = `${system.gateway}/webhooks/whatsapp`;
  const rows = [];
  try {
    for (const [what, body] of Object.entries(BODIES)) {
      const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
      const hostile = timed(url, body, { 'content-type': 'application/json', 'x-hub-signature-256': signature });
      const ordinary = signedText('4917600000001', 'hello');
      const [own, beside] = await Promise.all([hostile, timed(url, ordinary.body, ordinary.headers)]);
      rows.push({ what, bytes: body.length, status: own.status, ms: own.ms, 'ms beside it': beside.ms });
    }
  } finally {
    await system.stop();
    graph.stop();
  }
  return rows;
}
