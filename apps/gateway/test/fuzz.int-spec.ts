import { jest } from '@jest/globals';
import { createHmac, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { events } from '@parley/contracts';
import { busSchema, createEventBus, topics, type EventBus } from '@parley/event-bus';
import type { Database } from '@parley/postgres';
import type { Running } from '@parley/service';
import { createLogger } from '@parley/telemetry';
import { eventually, freePort, testDatabase, testMasterKey, type TestDatabase } from '@parley/testing';
import pg from 'pg';
import { serve } from '../src/app.module.js';
import { migrations } from '../src/migrations/index.js';
import { ChannelView } from '../src/ports/channel-view.port.js';
import { ShowChannel } from '../src/usecases/show-channel.js';
import { doorsConfig } from './support/doors-config.js';
import { bodyOf, fuzzBody, type FuzzBody } from './support/fuzz-bodies.js';
import { runs, seed } from './support/fuzz-config.js';
import { requestBytes, sendAll } from './support/pipeline.js';
import { SECRET, sign, textWebhook } from './support/webhook-client.js';

// Any number of bodies may be asked for.
jest.setTimeout(60_000 + runs * 60);

/** Requests under way at a time: far below what the gateway takes, since the disk of a test machine may be slow. */
const CHUNK = 500;
const SCHEMA = { name: 'gateway', schema: 'gateway', role: 'parley_gateway', migrations };

class NoView extends ChannelView {
  override send = (): Promise<undefined> => Promise.resolve(undefined);
  override stoppedReasons = (): Promise<Map<string, string>> => Promise.resolve(new Map<string, string>());
}

let db: TestDatabase;
let database: Database;
let bus: EventBus;
let gateway: Running;
let port: number;
/** How often each mark and each message id was found on the topics. */
const seen = new Map<string, number>();
const ids = new Map<string, number>();
let last = '';

const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);

function look(raw: Uint8Array): void {
  for (const [mark] of Buffer.from(raw)
    .toString('latin1')
    .matchAll(/@\d+-\d+@/g))
    count(seen, mark);
}

async function read(): Promise<void> {
  const group = `fuzz-${randomUUID()}`;
  await bus.subscribe<events.WebhookItemReceived>({
    group,
    topic: topics.whatsappInbound,
    handle: async ({ records }) => {
      for (const { value } of records) {
        look(value.raw);
        count(ids, value.itemId);
        if (value.itemId.startsWith('wamid.end-')) last = value.itemId;
      }
    },
  });
  await bus.subscribe<events.MessageStatusReceived>({
    group,
    topic: topics.whatsappStatus,
    handle: async ({ records }) => records.forEach(({ value }) => look(value.raw)),
  });
}

/** Records and dead letters in the database, behind the bus's back. */
async function stored(): Promise<{ records: number; letters: number }> {
  const client = new pg.Client({ connectionString: db.adminUrl });
  await client.connect();
  const { rows } = await client.query<{ records: number; letters: number }>(
    'select (select count(*)::int from bus.records) as records, (select count(*)::int from bus.dead_letters) as letters',
  );
  await client.end();
  return rows[0] ?? { records: -1, letters: -1 };
}

const signed = (body: Buffer): Buffer => requestBytes(body, [`x-hub-signature-256: ${sign(body)}`]);

/** Sends as Meta does: what is answered 503 (not known to be durable in time) comes again, and may then be there twice. */
async function deliver(bodies: readonly FuzzBody[], again: Set<FuzzBody>): Promise<number[]> {
  const statuses = await sendAll(
    port,
    bodies.map(({ text }) => signed(Buffer.from(text))),
  );
  const late = bodies.filter((_, n) => statuses[n] === 503);
  if (late.length === 0) return statuses;
  late.forEach((body) => again.add(body));
  const later = await deliver(late, again);
  return statuses.map((status) => (status === 503 ? (later.shift() ?? 503) : status));
}

function* chunks(total: number): Generator<{ from: number; size: number }> {
  for (let from = 0; from < total; from += CHUNK) yield { from, size: Math.min(CHUNK, total - from) };
}

beforeAll(async () => {
  db = await testDatabase([busSchema, SCHEMA]);
  database = db.database('gateway', 'fuzz');
  const logger = createLogger('gateway', { level: 'silent' });
  bus = createEventBus({ database, service: 'gateway', masterKey: testMasterKey(), logger });
  await bus.ready();
  port = await freePort();
  gateway = await serve(await doorsConfig(port), bus, new ShowChannel(new NoView(), new Map()));
  await read();
});

afterAll(async () => {
  await gateway.close();
  await bus.close();
  await db.close();
});

describe(`webhooks nobody has written (PARLEY_FUZZ_SEED=${seed} PARLEY_FUZZ_RUNS=${runs})`, () => {
  const problems: string[] = [];
  const wrong = (what: string, body: FuzzBody): void => {
    if (problems.length < 5) problems.push(`${what}: ${body.text.slice(0, 2000)}`);
  };

  it('are answered as the contract says, and everything in them is kept', async () => {
    const before = await stored();
    const wanted: FuzzBody[] = [];
    const again = new Set<FuzzBody>();
    let refused = 0;
    for (const { from, size } of chunks(runs)) {
      const bodies = fc.sample(fuzzBody, { seed: seed + from, numRuns: size }).map((made, n) => bodyOf(made, from + n));
      const statuses = await deliver(bodies, again);
      bodies.forEach((body, n) => {
        if (statuses[n] !== body.status) wrong(`answered ${statuses[n]}, not ${body.status}`, body);
        if (body.status === 400) refused++;
        else wanted.push(body);
      });
    }
    const end = `wamid.end-${randomUUID()}`;
    await sendAll(port, [signed(Buffer.from(textWebhook(end)))]);
    await eventually(() => expect(last).toBe(end), { timeoutMs: 120_000 });
    const missing = () => wanted.filter(({ marks }) => marks.some((mark) => !seen.has(mark)));
    // The other topic is read by itself; what is missing when it has been read is said below.
    await eventually(() => expect(missing()).toHaveLength(0), { timeoutMs: 10_000 }).catch(() => undefined);
    missing().forEach((body) => wrong(`dropped ${body.marks.filter((mark) => !seen.has(mark)).join(' ')}`, body));
    for (const body of wanted)
      for (const id of body.ids)
        if (ids.get(id) !== 1 && !again.has(body)) wrong(`${id} kept ${ids.get(id) ?? 0} times`, body);
    expect(problems).toEqual([]);
    expect((await stored()).letters - before.letters).toBe(refused);
  });

  it('are kept again every time they come', async () => {
    const [body] = fc
      .sample(fuzzBody, { seed, numRuns: 200 })
      .map((made, n) => bodyOf(made, 900_000_000 + n))
      .filter((one) => one.ids.length > 0);
    if (!body) throw new Error('No body with a message was made.');
    const statuses = await sendAll(
      port,
      Array.from({ length: 50 }, () => signed(Buffer.from(body.text))),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    await eventually(() => expect(body.ids.map((id) => ids.get(id))).toEqual(body.ids.map(() => 50)));
  });
});

describe(`bodies that Meta has not signed (PARLEY_FUZZ_SEED=${seed}, ${runs * 5} of them)`, () => {
  const secretBefore = (body: Buffer): string => createHmac('sha256', 'another secret').update(body).digest('hex');
  type Forger = (body: Buffer, random: number) => Buffer;
  const header = (value: string): string => `x-hub-signature-256: ${value}`;
  const flipped = (body: Buffer, random: number): Buffer => {
    const copy = Buffer.from(body);
    const at = random % copy.length;
    copy[at] = (copy[at] ?? 0) ^ (1 << ((random >>> 13) % 8));
    return copy;
  };
  const FORGERS: Forger[] = [
    (body) => requestBytes(body, []),
    (body, random) => requestBytes(flipped(body, random), [header(sign(body))]),
    (body, random) => requestBytes(body.subarray(0, random % body.length), [header(sign(body))]),
    (body, random) => requestBytes(Buffer.concat([body, Buffer.from([random % 256])]), [header(sign(body))]),
    (body) => requestBytes(body, [header(sign(Buffer.concat([body, Buffer.from(' ')])))]),
    (body) => requestBytes(body, [header(sign(body)), header(sign(body))]),
    (body) => requestBytes(body, [header(`${sign(body)}, ${sign(body)}`)]),
    (body) => requestBytes(body, [header(sign(body).replace('sha256', 'SHA256'))]),
    (body) => requestBytes(body, [header(sign(body).replace('sha256', 'sha1'))]),
    (body) => requestBytes(body, [header(sign(body).replace('=', '= '))]),
    (body) => requestBytes(body, [header(sign(body).slice(7))]),
    (body) => requestBytes(body, [header(sign(body).slice(0, -1))]),
    (body, random) => requestBytes(body, [header(`${sign(body).slice(0, -1)}${(random % 10).toString()}x`)]),
    (body) => requestBytes(body, [header(`sha256=${sign(body).slice(7).toUpperCase()}A`)]),
    (body) => requestBytes(body, [`x-hub-signature: ${sign(body)}`]),
    (body) => requestBytes(body, [header(`sha256=${secretBefore(body)}`)]),
    (body) =>
      requestBytes(body, [header(`sha256=${createHmac('sha256', SECRET).update(Buffer.from('')).digest('hex')}`)]),
    (body, random) =>
      requestBytes(body, [
        header(`sha256=${flipped(Buffer.from(sign(body).slice(7), 'hex'), random).toString('hex')}`),
      ]),
  ];

  it('are refused, all of them, and leave nothing behind', async () => {
    const before = await stored();
    const answers = new Map<number, number>();
    const total = runs * 5;
    for (const { from, size } of chunks(total)) {
      const random = fc.sample(fc.nat(), { seed: seed + from, numRuns: size });
      const requests = random.map((number, n) => {
        const body = Buffer.from(textWebhook(`wamid.forged-${from + n}`, `body ${number}`));
        return FORGERS[(from + n) % FORGERS.length]?.(body, number) ?? Buffer.alloc(0);
      });
      for (const status of await sendAll(port, requests)) answers.set(status, (answers.get(status) ?? 0) + 1);
    }
    expect(Object.fromEntries(answers)).toEqual({ 401: total });
    expect(await stored()).toEqual(before);
  });
});
