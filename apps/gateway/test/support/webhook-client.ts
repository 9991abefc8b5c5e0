import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';

export const SECRET = 'demo-app-secret';

export function sign(body: string | Buffer, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A request with exactly these headers: arrays are sent as several header lines. */
export function send(
  port: number,
  body: string | Buffer,
  headers: Record<string, string | string[]> = { 'x-hub-signature-256': sign(body) },
  method = 'POST',
  path = '/webhooks/whatsapp',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Writes raw bytes and collects what comes back until the server closes. */
export function rawExchange(port: number, parts: (string | Buffer)[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
    for (const part of parts) socket.write(part);
  });
}

/** A webhook of one change in Meta's form. */
export function envelope(value: unknown, field = 'messages'): string {
  const entry = [{ id: '102290129340398', changes: [{ field, value }] }];
  return JSON.stringify({ object: 'whatsapp_business_account', entry });
}

const metadata = { display_phone_number: '4930111222', phone_number_id: '106540352242922' };

export function textWebhook(id = 'wamid.1', body = 'Track order 1234', from = '491701234567'): string {
  const contacts = [{ profile: { name: 'Ada' }, wa_id: from }];
  const messages = [{ from, id, timestamp: '1763800000', type: 'text', text: { body } }];
  return envelope({ messaging_product: 'whatsapp', metadata, contacts, messages });
}

/** A webhook of many updates, messages and statuses mixed. */
export function mixedWebhook(count: number): string {
  const messages = [];
  const statuses = [];
  for (let n = 0; n < count; n++) {
    const waId = `49170${1_000_000 + n}`;
    if (n % 2)
      messages.push({ from: waId, id: `wamid.m${n}`, timestamp: '1763800000', type: 'text', text: { body: `${n}` } });
    else statuses.push({ id: `wamid.s${n}`, status: 'delivered', timestamp: '1763800000', recipient_id: waId });
  }
  return envelope({ messaging_product: 'whatsapp', metadata, messages, statuses });
}
