import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import type { Person } from './cast.js';
import type { Item, Stage } from './stage.js';

/** Everything there is to know about a person, in one text. */
export function confession(person: Person): string {
  return (
    `I am ${person.name}, ${person.address}, ${person.email}, +${person.phone}. Card ${person.card}, IBAN ${person.iban}, ` +
    `my verification code: ${person.code}. ${person.words}`
  );
}

/** A message of every kind, each with as much about the person as it can hold. */
function kinds(person: Person): Record<string, Item> {
  const all = confession(person);
  const reply = (value: Item): Item => ({ type: 'interactive', interactive: value });
  return {
    text: { type: 'text', text: { body: all } },
    image: {
      type: 'image',
      image: { id: '771', mime_type: 'image/jpeg', caption: all, url: `https://x/${person.phone}` },
    },
    document: {
      type: 'document',
      document: { id: '774', mime_type: 'application/pdf', filename: `${person.name}.pdf`, caption: all },
    },
    audio: { type: 'audio', audio: { id: '772', mime_type: 'audio/ogg', voice: true } },
    location: { type: 'location', location: { latitude: 52.5, longitude: 13.4, name: person.address, address: all } },
    contacts: {
      type: 'contacts',
      contacts: [
        {
          name: { formatted_name: person.name },
          phones: [{ phone: `+${person.phone}`, wa_id: person.waId }],
          emails: [{ email: person.email }],
        },
      ],
    },
    button: { type: 'button', button: { payload: all, text: person.words } },
    'button reply': reply({ type: 'button_reply', button_reply: { id: person.words, title: all } }),
    'list reply': reply({ type: 'list_reply', list_reply: { id: person.words, title: person.name, description: all } }),
    form: reply({ type: 'nfm_reply', nfm_reply: { name: 'flow', body: all, response_json: JSON.stringify({ all }) } }),
    reaction: { type: 'reaction', reaction: { message_id: 'wamid.y', emoji: '👍', note: all } },
    order: { type: 'order', order: { catalog_id: '55', text: all, product_items: [] } },
    'change of number': {
      type: 'system',
      system: { type: 'user_changed_number', body: all, wa_id: person.waId, user_id: person.userId },
    },
    unsupported: {
      type: 'unsupported',
      errors: [{ code: 131051, title: all, message: all, error_data: { details: all } }],
    },
    'a kind never seen': { type: 'telepathy', telepathy: { thought: all } },
  };
}

/** Signed webhooks of every kind. */
export async function webhookKinds(stage: Stage): Promise<void> {
  for (const [kind, part] of Object.entries(kinds(stage.person()))) {
    const person = stage.person();
    const message = stage.message(person, kinds(person)[kind] ?? part);
    await stage.post(`webhook: ${kind}`, stage.envelope(person, { messages: [message] }));
  }
  const person = stage.person();
  const all = confession(person);
  const errors = [{ code: 131026, title: all, message: all, error_data: { details: all } }];
  const status = { id: 'wamid.unknown', status: 'failed', timestamp: '1763800100', recipient_id: person.waId, errors };
  await stage.post('webhook: failed status', stage.envelope(person, { contacts: [], statuses: [status] }));
  await stage.post('webhook: errors', stage.envelope(person, { errors }));
  const stop = [
    {
      wa_id: person.waId,
      user_id: person.userId,
      detail: all,
      category: 'marketing_messages',
      value: 'stop',
      timestamp: 1763800100,
    },
  ];
  await stage.post(
    'webhook: preferences',
    stage.envelope(person, { user_preferences: stop }, { field: 'user_preferences' }),
  );
  await stage.post('webhook: field never seen', stage.envelope(person, { hologram: all }, { field: 'holograms' }));
  await stage.post(
    'webhook: number not ours',
    stage.envelope(
      person,
      { messages: [stage.message(person, { type: 'text', text: { body: all } })] },
      { number: '999' },
    ),
  );
}

/** Bodies that are refused, and requests that never become one. */
export async function webhookRefusals(stage: Stage): Promise<void> {
  const person = stage.person();
  const all = confession(person);
  const good = stage.envelope(person, { messages: [stage.message(person, { type: 'text', text: { body: all } })] });
  const wrong = createHmac('sha256', 'another').update(good).digest('hex');
  await stage.post('webhook: unsigned', good, { 'content-type': 'application/json' });
  await stage.post('webhook: wrongly signed', good, { 'x-hub-signature-256': `sha256=${wrong}` });
  await stage.post('webhook: personal data for a signature', good, { 'x-hub-signature-256': `sha256=${person.phone}` });
  await stage.post('webhook: not JSON', `{"object": "${person.words} +${person.phone}", ${person.email}`);
  await stage.post('webhook: no envelope', JSON.stringify({ hello: all }));
  await stage.post('webhook: not even text', Buffer.concat([Buffer.from([0xff, 0xfe, 0]), Buffer.from(all)]));
  await stage.post('webhook: too deep', `{"a":"${person.words}","b":${'['.repeat(200_000)}${']'.repeat(200_000)}}`);
  await stage.post('webhook: too large', `${good}${' '.repeat(5 * 1024 * 1024)}`).catch(() => 413);
  await halfBody(stage, good);
  const gateway = stage.system.gatewayUrl;
  const token = encodeURIComponent(stage.settings['WHATSAPP_VERIFY_TOKEN'] ?? '');
  const query = (given: string) =>
    `${gateway}/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=12345&hub.verify_token=${given}`;
  await stage.http('handshake: right token', query(token));
  await stage.http('handshake: wrong token', query(`${token}x`));
  await stage.http('secure link', `${gateway}/l/${person.words}`);
  await stage.http('unknown path', `${gateway}/${person.phone}?email=${encodeURIComponent(person.email)}`);
}

/** A sender that goes away in the middle of a body. */
function halfBody(stage: Stage, body: string): Promise<void> {
  stage.did('webhook: broken off');
  return new Promise((resolve) => {
    const socket = connect(stage.system.base, '127.0.0.1');
    socket.on('error', () => undefined).on('close', () => resolve());
    socket.write(`POST /webhooks/whatsapp HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n`);
    socket.write(body.slice(0, body.length / 2), () => socket.destroy());
  });
}
