// Signed bodies made to hurt: how long the gateway takes for each, and for an ordinary webhook that arrives beside it.
import { startCustomers } from './support/customers.mjs';
import { startSystem } from './support/system.mjs';
import { customerId, numberIds, signedHeaders, textBody } from './support/webhooks.mjs';

export const help = 'signed hostile bodies: milliseconds to the answer, and for an ordinary webhook beside each';
const [number] = numberIds(1);
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

async function timed(url, body) {
  const began = performance.now();
  const { status } = await fetch(url, { method: 'POST', body, headers: signedHeaders(body) });
  return { status, ms: Math.round(performance.now() - began) };
}

export async function run() {
  const customers = await startCustomers();
  const rows = [];
  let system;
  try {
    system = await startSystem({ graphUrl: customers.graphUrl });
    const url = `${system.gateway}/webhooks/whatsapp`;
    for (const [what, body] of Object.entries(BODIES)) {
      const ordinary = textBody({ number, from: customerId(1), text: 'hello' });
      const [own, beside] = await Promise.all([timed(url, body), timed(url, ordinary)]);
      rows.push({ what, bytes: body.length, status: own.status, ms: own.ms, 'ms beside it': beside.ms });
    }
  } finally {
    await system?.stop();
    customers.stop();
  }
  return rows;
}
