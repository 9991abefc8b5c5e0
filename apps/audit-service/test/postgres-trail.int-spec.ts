import { Database, Inbox, MasterKey, PersonVault, type ServiceSchema } from '@parley/postgres';
import { testDatabase, type TestDatabase } from '@parley/testing';
import type { Evidence } from '../src/domain/evidence.js';
import { migrations } from '../src/migrations/index.js';
import { Ed25519Signer } from '../src/outbound/ed25519/ed25519-signer.js';
import { PostgresHeads } from '../src/outbound/postgres/postgres-heads.js';
import { PostgresTrail } from '../src/outbound/postgres/postgres-trail.js';
import { SystemClock } from '../src/outbound/system/system-clock.js';
import { VaultPersons } from '../src/outbound/vault/vault-persons.js';
import { describeTrail } from '../src/ports/trail.port.contract.js';
import { AppendEvidence } from '../src/usecases/append-evidence.js';
import { QueryEntries, type Query } from '../src/usecases/query-entries.js';
import { VerifyChains } from '../src/usecases/verify-chains.js';

const SCHEMA: ServiceSchema = { name: 'audit-service', schema: 'audit', role: 'parley_audit', migrations };
const MASTER_KEY = MasterKey.fromText(Buffer.alloc(32, 5).toString('base64'));
const SIGNER = Ed25519Signer.fromSeed(Buffer.alloc(32, 5));
const TOPIC = 'conversation.events';

let database: TestDatabase;
let db: Database;
let admin: Database;
let vault: PersonVault;
let trail: PostgresTrail;

beforeAll(async () => {
  database = await testDatabase([SCHEMA]);
  db = database.database('audit');
  admin = new Database({ url: database.adminUrl, schema: 'audit', applicationName: 'tamperer' });
  vault = new PersonVault(db, MASTER_KEY);
  trail = new PostgresTrail(db, new Inbox('audit'));
});

afterAll(async () => {
  await admin?.close();
  await database?.close();
});

describeTrail('PostgresTrail', () => trail);

let count = 0;
const evidence = (over: Partial<Evidence> = {}): Evidence => ({
  ...{ eventId: `${TOPIC}/e${++count}`, topic: TOPIC, action: 'message_recorded', occurredAt: new Date() },
  ...{ person: { userId: '', waId: `33600${100_000 + count}` }, order: '', session: '', requestIds: [] },
  ...{ metadata: { n: count }, content: `content ${count}` },
  ...over,
});

/** A service of its own, as another replica would be. */
function replica() {
  const persons = new VaultPersons(new PersonVault(db, MASTER_KEY), MASTER_KEY);
  const own = new PostgresTrail(db, new Inbox('audit'));
  const clock = new SystemClock();
  const append = new AppendEvidence(own, persons, clock);
  const run = (partition: number, batch: Evidence[]): Promise<number> =>
    append.run(batch, { topic: TOPIC, partition, commit: () => Promise.resolve() });
  return {
    append: run,
    query: new QueryEntries(own, persons),
    verify: new VerifyChains(own, new PostgresHeads(db), SIGNER, clock),
  };
}

const chainOf = (partition: number): string => `${new Date().toISOString().slice(0, 10)}/${TOPIC}/${partition}`;
const ask = (over: Partial<Query>): Query => ({
  ...{ customer: '', order: '', session: '', requestId: '', limit: 0, pageToken: '' },
  ...over,
});

describe('the trail on Postgres', () => {
  it.each([
    "update audit.entry set action = 'other'",
    'delete from audit.entry',
    'truncate audit.entry',
    'delete from audit.chain_head',
    'update audit.customer_link set linked = customer',
    'alter table audit.entry disable trigger all',
  ])('refuses "%s" to its own role, on every partition too', async (sql) => {
    await replica().append(1, [evidence({ person: { userId: `FR.${++count}`, waId: `336${count}` } })]);
    const refused = { reason: 'POSTGRES.FAILED', details: { sqlstate: '42501' } };
    await expect(db.query(sql)).rejects.toMatchObject(refused);
    const today = `audit.entry_${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`;
    await expect(db.query(sql.replace('audit.entry', today))).rejects.toMatchObject(refused);
  });

  it('has partitions for the days to come, and lets its role make none for a distant one', async () => {
    const rows = await db.query<{ name: string }>(
      "select relname as name from pg_class where relname ~ '^entry_[0-9]{8}$'",
    );
    expect(rows.length).toBeGreaterThanOrEqual(8);
    await trail.prepareDays(new Date(Date.now() + 86_400_000));
    await expect(db.query("select ensure_partitions('2199-01-01', 1)")).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('takes 1,000 records as one batch, and the same batch again as nothing', async () => {
    const { append, verify } = replica();
    const batch = Array.from({ length: 1000 }, () => evidence());
    expect(await append(2, batch)).toBe(1000);
    expect(await append(2, batch)).toBe(0);
    expect(await verify.run(chainOf(2))).toMatchObject({ chains: 1, entries: 1000n, problems: [] });
  });

  it('never forks a chain while several replicas take overlapping batches of one partition', async () => {
    const all = Array.from({ length: 200 }, () => evidence());
    const batches = Array.from({ length: 40 }, (_, n) => all.slice(n * 5, n * 5 + 25));
    const replicas = [replica(), replica(), replica()];
    const added = await Promise.all(batches.map((batch, n) => replicas[n % 3]!.append(3, [...batch].reverse())));
    expect(added.reduce((sum, each) => sum + each, 0)).toBe(200);
    expect(await replicas[0]!.verify.run(chainOf(3))).toMatchObject({ chains: 1, entries: 200n, problems: [] });
  });

  it('refuses a second entry at the same place of a chain, whoever tries', async () => {
    await replica().append(4, [evidence()]);
    const again = `insert into audit.entry select * from audit.entry where chain = $1`;
    await expect(admin.query(again, [chainOf(4)])).rejects.toMatchObject({ details: { sqlstate: '23505' } });
  });

  it('refuses an entry of a chain of another day', async () => {
    await replica().append(8, [evidence()]);
    const moved = `insert into audit.entry (day, chain, sequence, event_id, topic, action, occurred_at, recorded_at, customer,
        order_number, session, tags, metadata, sealed, prev_hash, hash)
      select day, $2, 99, event_id, topic, action, occurred_at, recorded_at, customer, order_number, session, tags, metadata,
        sealed, prev_hash, hash from audit.entry where chain = $1`;
    const today = chainOf(8);
    for (const chain of [`2001-01-01${today.slice(10)}`, today.replace('/', '-'), today.replaceAll('-', '.'), 'x']) {
      await expect(admin.query(moved, [today, chain])).rejects.toThrow();
    }
  });

  it('holds neither personal data nor wamids in the clear', async () => {
    const person = { userId: 'FR.31415926535', waId: '33612345678' };
    const requestIds = ['wamid.HBgLMzM2MTIzNDU2NzgVAgASGBQz'];
    await replica().append(5, [evidence({ person, requestIds, content: 'Ada lives at 5 Main Street' })]);
    const tables = ['entry', 'customer_link', 'inbox', 'chain_head'];
    const dump = await Promise.all(tables.map((table) => admin.query(`select t::text as row from ${table} t`)));
    const text = JSON.stringify(dump);
    for (const secret of [...Object.values(person), ...requestIds, 'Ada', 'Main Street'])
      expect(text).not.toContain(secret);
  });

  it('finds by phone, wa_id and user id across what was recorded under each', async () => {
    const { append, query } = replica();
    await append(6, [evidence({ person: { userId: '', waId: '5511987650001' }, content: 'phone' })]);
    await append(6, [evidence({ person: { userId: 'BR.5', waId: '551187650001' }, content: 'both' })]);
    await append(6, [evidence({ person: { userId: 'BR.5', waId: '' }, content: 'user' })]);
    for (const customer of ['+55 (11) 98765-0001', '551187650001', 'BR.5']) {
      const { entries } = await query.run(ask({ customer }));
      expect(entries.map(({ content }) => content)).toEqual(['phone', 'both', 'user']);
    }
  });

  it('shows nothing of a person whose key is gone, makes no new key for looking, and is still whole', async () => {
    const { append, query, verify } = replica();
    const person = { userId: '', waId: '33655555555' };
    await append(7, [
      evidence({ person, session: 'c-erased', requestIds: ['r1'] }),
      evidence({ person: undefined, session: 'c-erased' }),
    ]);
    expect((await query.run(ask({ session: 'c-erased' }))).entries.map(({ content }) => content)).toEqual([
      expect.stringContaining('content'),
      expect.stringContaining('content'),
    ]);
    const hash = vault.lookupHash('wa_id', person.waId);
    expect(await vault.erase(hash)).toBe(true);
    // Another process, which has not opened the person before.
    const opened = (await replica().query.run(ask({ session: 'c-erased' }))).entries;
    expect(opened.map(({ content, requestIds }) => [content, requestIds])).toEqual([
      ['', []],
      [expect.stringContaining('content'), []],
    ]);
    expect(await db.query('select 1 from vault.find_persons($1)', [[hash]])).toEqual([]);
    expect(await verify.run(chainOf(7))).toMatchObject({ problems: [] });
  });

  it('uses the index for every way of looking', async () => {
    const plan = await admin.query<{ 'QUERY PLAN': string }>(
      'set enable_seqscan = off; explain select * from entry where tags && array[1]::bigint[]',
    );
    expect(JSON.stringify(plan)).toContain('Bitmap Index Scan');
  });
});

describe('verify', () => {
  const tampered = async (partition: number, sql: string): Promise<[number, string][]> => {
    const { append, verify } = replica();
    await append(partition, [evidence(), evidence(), evidence(), evidence()]);
    await admin.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica');
      await tx.query(sql.replaceAll(':chain', `'${chainOf(partition)}'`));
    });
    const { problems } = await verify.run(chainOf(partition));
    return problems.map(({ sequence, kind }) => [Number(sequence), kind]);
  };

  it('finds a changed row', async () => {
    expect(await tampered(20, "update entry set order_number = '9' where chain = :chain and sequence = 2")).toEqual([
      [2, 'hash-mismatch'],
    ]);
    const metadata = `update entry set metadata = metadata || '{"n": 0}' where chain = :chain and sequence = 1`;
    expect(await tampered(21, metadata)).toEqual([[1, 'hash-mismatch']]);
  });

  it('finds a removed row, the last one too', async () => {
    expect(await tampered(22, 'delete from entry where chain = :chain and sequence = 2')).toEqual([[2, 'gap']]);
    expect(await tampered(23, 'delete from entry where chain = :chain and sequence = 4')).toEqual([[4, 'gap']]);
    expect(await tampered(24, 'delete from entry where chain = :chain')).toEqual([[1, 'gap']]);
  });

  it('finds rows that changed places', async () => {
    const problems = await tampered(
      25,
      `update entry set sequence = 99 where chain = :chain and sequence = 2;
       update entry set sequence = 2 where chain = :chain and sequence = 3;
       update entry set sequence = 3 where chain = :chain and sequence = 99`,
    );
    expect(problems).toEqual(
      expect.arrayContaining([
        [2, 'hash-mismatch'],
        [2, 'broken-link'],
        [3, 'hash-mismatch'],
      ]),
    );
  });

  it('reads all chains in batches and names those at fault', async () => {
    const { verify } = replica();
    const { chains, entries, problems } = await verify.run();
    expect(chains).toBeGreaterThan(10);
    expect(entries).toBeGreaterThan(1000n);
    expect(new Set(problems.map(({ chain }) => chain))).toEqual(new Set([20, 21, 22, 23, 24, 25].map(chainOf)));
  });
});
