// Signed webhooks as bytes on the wire, made as cheaply as possible: the load generator shares the machine with what it measures.
import { createHmac, randomBytes } from 'node:crypto';

export const SECRET = 'demo-app-secret';
export const ACCOUNT = '102290129340398';
const FIRST_NUMBER = 106_540_352_242_922n;

/** Phone number ids, the demo's first: as many as the rate needs, since one number sends at most 1,000 messages a second. */
export const numberIds = (count) => Array.from({ length: count }, (_, index) => String(FIRST_NUMBER + BigInt(index)));

/** A customer's WhatsApp id. */
export const customerId = (index) => `4917${String(600_000_000 + index)}`;

const run = randomBytes(6).toString('hex');
let serial = 0;
/** Never given twice, by no process. */
export const freshId = () => `wamid.${run}${process.pid}.${(serial += 1)}`;

const envelope = (value) =>
  `{"object":"whatsapp_business_account","entry":[{"id":"${ACCOUNT}","changes":[{"field":"messages","value":${value}}]}]}`;
const metadata = (number) =>
  `"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550783881","phone_number_id":"${number}"}`;
const seconds = () => Math.floor(Date.now() / 1000);

/** The body of a webhook with one text message. */
export function textBody({ number, from, id = freshId(), text }) {
  const contact = `{"profile":{"name":"Bench"},"wa_id":"${from}"}`;
  const message = `{"from":"${from}","id":"${id}","timestamp":"${seconds()}","type":"text","text":{"body":"${text}"}}`;
  return envelope(`{${metadata(number)},"contacts":[${contact}],"messages":[${message}]}`);
}

/** The body of a webhook with statuses of messages that Parley sent over one number. */
export function statusBody(number, statuses) {
  const items = statuses.map(
    ({ id, to, status, data }) =>
      `{"id":"${id}","status":"${status}","timestamp":"${seconds()}","recipient_id":"${to}","biz_opaque_callback_data":"${data}"}`,
  );
  return envelope(`{${metadata(number)},"statuses":[${items.join(',')}]}`);
}

/** The headers that make a body a webhook. */
export function signedHeaders(body) {
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  return { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` };
}

/** A whole HTTP request. Bodies are ASCII, so characters are bytes. */
export function requestBytes(body) {
  const head = Object.entries(signedHeaders(body)).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(
    `POST /webhooks/whatsapp HTTP/1.1\r\nhost: bench\r\n${head.join('')}content-length: ${body.length}\r\n\r\n${body}`,
    'latin1',
  );
}
