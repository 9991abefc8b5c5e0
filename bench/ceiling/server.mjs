// The ceiling of intake: node:http, the signature, a micro-batch to Kafka with acks=all, and only then 200. No framework,
// nothing of Parley. Environment: PORT, BROKERS, TOPIC, SECRET.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { Kafka, logLevel } from 'kafkajs';

const { PORT, BROKERS, TOPIC, SECRET } = process.env;
const MAX_WAIT_MS = 2;
const MAX_RECORDS = 500;
/** Requests to the broker under way. */
const IN_FLIGHT = 3;

const kafka = new Kafka({ clientId: 'ceiling', brokers: [BROKERS], logLevel: logLevel.NOTHING });
const producer = kafka.producer({ idempotent: false, maxInFlightRequests: IN_FLIGHT });
await producer.connect();

let waiting = [];
let timer;
let flying = 0;

function flush() {
  clearTimeout(timer);
  timer = undefined;
  if (waiting.length === 0 || flying >= IN_FLIGHT) return;
  const batch = waiting.slice(0, MAX_RECORDS);
  waiting = waiting.slice(MAX_RECORDS);
  flying += 1;
  const messages = batch.map(({ value, key }) => ({ key, value }));
  producer
    .send({ topic: TOPIC, acks: -1, messages })
    .then(() => batch.forEach(({ done }) => done(200)))
    .catch(() => batch.forEach(({ done }) => done(503)))
    .finally(() => {
      flying -= 1;
      if (waiting.length > 0) flush();
    });
}

function isSigned(body, header = '') {
  const given = Buffer.from(header.slice('sha256='.length), 'hex');
  const right = createHmac('sha256', SECRET).update(body).digest();
  return given.length === right.length && timingSafeEqual(given, right);
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    const done = (status) => {
      response.writeHead(status, { 'content-length': 0 });
      response.end();
    };
    if (!isSigned(body, request.headers['x-hub-signature-256'])) return done(401);
    const { metadata, messages } = JSON.parse(body).entry[0].changes[0].value;
    waiting.push({ key: `${metadata.phone_number_id}:${messages[0].from}`, value: body, done });
    if (waiting.length >= MAX_RECORDS) flush();
    else timer ??= setTimeout(flush, MAX_WAIT_MS);
  });
});
server.listen(Number(PORT), '127.0.0.1', () => process.send?.('ready'));
process.on('disconnect', () => process.exit(0));
