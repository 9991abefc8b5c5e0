import 'reflect-metadata';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jest } from '@jest/globals';
import { loadConfig } from '@parley/config';
import { events } from '@parley/contracts';
import { busSchema, createEventBus, topics, type EventBus } from '@parley/event-bus';
import { invalidArgument } from '@parley/errors';
import { Database, MasterKey, type ServiceSchema } from '@parley/postgres';
import { createLogger } from '@parley/telemetry';
import { eventually, freePort, testDatabase, type TestDatabase } from '@parley/testing';
import { startService } from '../src/app.module.js';
import { configSchema } from '../src/config.js';
import { migrations } from '../src/migrations/index.js';

const SCHEMA: ServiceSchema = { name: 'audit-service', schema: 'audit', role: 'parley_audit', migrations };
const MASTER_KEY = Buffer.alloc(32, 4).toString('base64');

let database: TestDatabase;
let bus: EventBus;
let written = '';
const before = { ...process.env };
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  database = await testDatabase([busSchema, SCHEMA]);
  const [grpc, ops] = [await freePort(), await freePort()];
  Object.assign(process.env, {
    ...{ DATABASE_URL: database.adminUrl, PARLEY_MASTER_KEY: MASTER_KEY },
    ...{ GRPC_PORT_BASE: String(grpc - 6), OPS_PORT_BASE: String(ops - 6) },
  });
  for (const name of ['AUDIT_DATABASE_URL', 'AUDIT_GRPC_URL', 'KAFKA_BROKERS']) delete process.env[name];
  const service = await startService(loadConfig(configSchema, process.env));
  const logger = createLogger('test', { level: 'silent' });
  const masterKey = MasterKey.fromText(MASTER_KEY);
  bus = createEventBus({ database: database.database('audit', 'test'), service: 'test', masterKey, logger });
  closers.push(
    () => bus.close(),
    () => service.close(),
  );
  const say = (line: unknown): void => void (written += `${String(line)}\n`);
  jest.spyOn(console, 'log').mockImplementation(say);
  jest.spyOn(console, 'error').mockImplementation(say);
});

afterAll(async () => {
  jest.restoreAllMocks();
  for (const close of closers) await close();
  await database?.close();
  process.env = before;
});

/** Runs a command as `npm run <name> -- <args>` does. */
async function run(name: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const file = fileURLToPath(new URL(`../../../tools/commands/${name}.mjs`, import.meta.url));
  const { main } = (await import(file)) as { main: (args: string[]) => Promise<number> };
  written = '';
  const code = await main(args);
  return { code, output: written };
}

describe('npm run dlq', () => {
  it('lists, shows and replays what a consumer gave up', async () => {
    expect(await run('dlq', 'list')).toEqual({ code: 0, output: 'No dead letters.\n' });
    let broken = true;
    const seen: string[] = [];
    await bus.subscribe({
      group: 'picky',
      topic: topics.businessEvents,
      handle: async ({ records }) => {
        if (broken) throw invalidArgument('TEST.POISON', 'no');
        seen.push(...records.map(({ id }) => id));
      },
    });
    const value = events.BusinessEvent.fromPartial({ kind: 'order_shipped', number: '1234' });
    await bus.publish([{ topic: topics.businessEvents, key: 'k', value, id: 'b.1' }]);
    const { id } = await eventually(async () => {
      const [letter] = await bus.deadLetters.list();
      expect(letter).toBeDefined();
      return letter!;
    });
    const listed = await run('dlq', 'list', 'business.events');
    expect(listed).toMatchObject({ code: 0, output: expect.stringContaining('TEST.POISON') as string });
    const shown = await run('dlq', 'show', id);
    expect(shown.output).toContain('order_shipped');
    broken = false;
    expect(await run('dlq', 'replay', id)).toEqual({ code: 0, output: 'Replayed: 1.\n' });
    await eventually(() => expect(seen).toEqual(['b.1']));
    expect(await run('dlq', 'replay', '--topic', 'business.events')).toEqual({
      code: 0,
      output: 'There was nothing to replay.\n',
    });
    expect((await run('dlq', 'list')).output).toContain('replayed');
  });

  it('says how it is used, and what it does not find', async () => {
    expect(await run('dlq', 'erase')).toMatchObject({ code: 2 });
    expect(await run('dlq', 'show')).toMatchObject({ code: 2 });
    expect(await run('dlq', 'show', 'nothing/0/0/x')).toEqual({ code: 1, output: 'There is no such dead letter.\n' });
    expect(await run('dlq', 'list', 'no.topic')).toEqual({ code: 1, output: 'There is no topic no.topic.\n' });
  });
});

describe('npm run audit', () => {
  it('says that the evidence is whole, and which entry is not', async () => {
    const value = events.BusinessEvent.fromPartial({ kind: 'order_shipped', number: '1' });
    await bus.publish([{ topic: topics.businessEvents, key: 'k', value, id: 'b.2' }]);
    const other = { ...value, number: '2' };
    await bus.publish([{ topic: topics.businessEvents, key: 'k', value: other, id: 'b.3' }]);
    await eventually(async () =>
      expect((await run('audit', 'verify')).output).toContain('3 entries, 0 signed days: all of it'),
    );
    const admin = new Database({ url: database.adminUrl, schema: 'audit', applicationName: 'tamperer' });
    closers.push(() => admin.close());
    await admin.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica');
      await tx.query(`update entry set action = 'order_cancelled' where event_id = 'business.events/b.2'`);
    });
    const { code, output } = await run('audit', 'verify');
    expect(code).toBe(1);
    expect(output).toMatch(/business\.events\/\d+ \d+: hash-mismatch/);
  });

  it('exports about an order, once into a file, in a form that is checked alone', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'parley-audit-')), 'order.jsonl');
    expect(await run('audit', 'export', '--order', '1', '--out', file)).toMatchObject({ code: 0 });
    expect(await run('audit', 'export', '--order', '1', '--out', file)).toMatchObject({ code: 1 });
    // The entry was changed above, and the export shows it.
    expect(await run('audit', 'verify', '--file', file)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/business\.events\/\d+ \d+: hash-mismatch/) as string,
    });
    const whole = `${file}.whole`;
    await run('audit', 'export', '--order', '2', '--out', whole);
    expect(await run('audit', 'verify', '--file', whole)).toMatchObject({
      code: 0,
      output: expect.stringContaining('as it was recorded') as string,
    });
    const { output: key } = await run('audit', 'key');
    await writeFile(`${file}.pem`, key.slice(0, key.indexOf('Key')));
    expect(await run('audit', 'verify', '--file', whole, '--key', `${file}.pem`)).toMatchObject({ code: 0 });
    const text = await readFile(whole, 'utf8');
    await writeFile(`${file}.forged`, text.replace('order_shipped', 'order_paid_up'));
    expect(await run('audit', 'verify', '--file', `${file}.forged`)).toMatchObject({ code: 1 });
    expect((await run('audit', 'heads')).output).toContain('"kind":"head"');
  });

  it('exports comma-separated values that no spreadsheet runs', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'parley-audit-')), 'order.csv');
    expect(await run('audit', 'export', '--order', '2', '--format', 'csv', '--out', file)).toMatchObject({ code: 0 });
    const text = await readFile(file, 'utf8');
    expect(text.split('\r\n')[0]).toContain('"prevHash","hash"');
    expect(text).toContain('"order_shipped"');
    const { cell } = (await import(fileURLToPath(new URL('../../../tools/audit/csv.mjs', import.meta.url)))) as {
      cell: (value: unknown) => string;
    };
    const safe = [`"'=1+1"`, `"' +49"`, `"'-2"`, `"'@x"`, `"'\t=1"`, '"say ""hi"""'];
    expect(['=1+1', ' +49', '-2', '@x', '\t=1', 'say "hi"'].map(cell)).toEqual(safe);
  });

  it('says how it is used, what it does not know, and where nobody answers', async () => {
    expect(await run('audit', 'export')).toMatchObject({
      code: 2,
      output: expect.stringContaining('--order') as string,
    });
    expect(await run('audit', 'export', '--order', '1', '--from', 'soon')).toMatchObject({ code: 2 });
    expect(await run('audit', 'export', '--order', '1', '--format', 'xls')).toMatchObject({ code: 2 });
    expect(await run('audit', 'export', '--colour', 'red')).toMatchObject({ code: 2 });
    expect(await run('audit')).toMatchObject({ code: 2 });
    expect(await run('audit', 'verify', 'x')).toMatchObject({
      code: 1,
      output: expect.stringContaining('BAD_CHAIN') as string,
    });
    process.env['AUDIT_GRPC_URL'] = `127.0.0.1:${await freePort()}`;
    expect(await run('audit', 'verify')).toMatchObject({
      code: 1,
      output: expect.stringContaining('npm start') as string,
    });
  });
});
