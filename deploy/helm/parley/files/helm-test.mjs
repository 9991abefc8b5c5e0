// What `helm test` runs: every service says that it is ready, and the gateway knows the verify token.
const failed = [];

async function expect(what, url, holds) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    const text = await response.text();
    const good = holds(response, text);
    console.log(`${good ? 'ok    ' : 'FAILED'} ${what}${good ? '' : `: ${response.status} ${text.slice(0, 300)}`}`);
    if (!good) failed.push(what);
  } catch (error) {
    console.log(`FAILED ${what}: ${error.cause?.code ?? error.name}`);
    failed.push(what);
  }
}

for (const [name, address] of Object.entries(JSON.parse(process.env.SERVICES))) {
  await expect(`${name} is ready`, `http://${address}/health/ready`, ({ ok }) => ok);
}
const handshake = new URLSearchParams({
  'hub.mode': 'subscribe',
  'hub.verify_token': process.env.WHATSAPP_VERIFY_TOKEN || 'demo-verify-token',
  'hub.challenge': '1158201444',
});
const webhooks = `http://${process.env.GATEWAY}/webhooks/whatsapp`;
await expect('the gateway answers the handshake', `${webhooks}?${handshake}`, (_, text) => text === '1158201444');
handshake.set('hub.verify_token', 'not the token');
await expect('the gateway refuses another token', `${webhooks}?${handshake}`, ({ status }) => status === 403);
process.exit(failed.length > 0 ? 1 : 0);
