import {
  provision,
  schemaIsCurrent,
  sqlstateOf,
  waitForSchema,
  type Database,
  type ServiceSchema,
} from '../src/index.js';
import { migration, testServer, type TestServer } from './server.js';

const first = migration('CreateThings1700000000001', 'create table things (id bigserial primary key, name text)');
const second = migration('AddColour1700000000002', 'alter table things add column colour text');
const broken = migration('Break1700000000003', 'create table half (id int); select * from nowhere');
const service = (schema: string, migrations = [first]): ServiceSchema => ({
  name: schema,
  schema,
  role: `parley_${schema}`,
  migrations,
});

describe('provision', () => {
  let server: TestServer;
  let url: string;

  const as = (schema: string, role = `parley_${schema}`): Database => server.open({ url, schema, role });
  const refused = async (work: Promise<unknown>): Promise<string | undefined> =>
    work.then(
      () => 'nothing',
      (thrown: unknown) => sqlstateOf(thrown),
    );

  beforeAll(async () => {
    server = await testServer();
  });
  const fresh = async (): Promise<void> => {
    url = await server.freshDatabase([service('a'), service('b')]);
  };
  afterAll(() => server.close());

  describe('privileges', () => {
    beforeAll(fresh);

    it('let a role read and write its own tables', async () => {
      const a = as('a');
      await a.query('insert into things (name) values ($1)', ['x']);
      await a.query('update things set name = $1', ['y']);
      expect(await a.query('select name from things')).toEqual([{ name: 'y' }]);
      await a.query('delete from things');
    });

    it.each([
      ["read another's tables", 'select * from b.things'],
      ["write another's tables", `insert into b.things (name) values ('x')`],
      ['create a table', 'create table a.mine (id int)'],
      ['create a table in public', 'create table public.mine (id int)'],
      ['create a temporary table', 'create temporary table mine (id int)'],
      ['create a schema', 'create schema mine'],
      ['create a role', 'create role mine'],
      ['truncate', 'truncate a.things'],
      ['reset a sequence', `select setval('a.things_id_seq', 1)`],
      ['claim a migration', `insert into a.migrations (timestamp, name) values (1, 'x')`],
      ['read the keys', 'select * from vault.person_key'],
      ['write the keys', 'delete from vault.person_key'],
      ['call an inner function of the vault', 'select vault.alone()'],
    ])('do not let a role %s', async (_, sql) => {
      expect(await refused(as('a').query(sql))).toBe('42501');
    });

    it('do not let a role alter or drop what it may write', async () => {
      expect(await refused(as('a').query('alter table a.things add column x int'))).toBe('42501');
      expect(await refused(as('a').query('drop table a.things'))).toBe('42501');
    });

    it('hold for a login of its own', async () => {
      await provision(url, [{ ...service('a'), password: `it's "fine"` }]);
      const address = new URL(url);
      address.username = 'parley_a';
      address.password = `it's "fine"`;
      const own = server.open({ url: address.toString(), schema: 'a' });
      expect(await own.query('select count(*) as n from things')).toEqual([{ n: 0n }]);
      expect(await refused(own.query('select * from b.things'))).toBe('42501');
    });

    it('give every role the functions of a shared schema and nothing else of it', async () => {
      const sql = `create table entries (n int);
        create function add_entry(int) returns void language sql security definer set search_path = log, pg_temp
          as 'insert into entries values ($1)';
        create function inner_part() returns int language sql as 'select 1'`;
      const shared = { name: 'log', schema: 'log', migrations: [migration('CreateLog1700000000001', sql)] };
      await provision(url, [service('a'), shared, service('b')]);
      await as('a').query('select log.add_entry($1)', [1]);
      await as('b').query('select log.add_entry($1)', [2]);
      expect(await refused(as('a').query('select * from log.entries'))).toBe('42501');
      expect(await refused(as('a').query('select log.inner_part()'))).toBe('42501');
    });

    it('can be set up by an administrator who is no superuser', async () => {
      const admin = server.open({ url });
      await admin.query(`create role admin_${url.slice(-8)} login createrole password 'p'`);
      await admin.query(`create database admin_${url.slice(-8)} owner admin_${url.slice(-8)}`);
      const address = new URL(url);
      address.username = address.pathname = `admin_${url.slice(-8)}`;
      address.password = 'p';
      const role = `parley_c_${url.slice(-8)}`;
      await provision(address.toString(), [{ ...service('c'), role }]);
      const c = server.open({ url: address.toString(), schema: 'c', role });
      await c.query('insert into things (name) values ($1)', ['x']);
      expect(await refused(c.query('create table mine (id int)'))).toBe('42501');
    });
  });

  describe('migrations', () => {
    beforeEach(fresh);

    it('run once, in order, and later ones are added', async () => {
      const a = as('a');
      expect(await schemaIsCurrent(a, [first, second])).toBe(false);
      await provision(url, [service('a', [second, first])]);
      await provision(url, [service('a', [first, second])]);
      expect(await schemaIsCurrent(a, [first, second])).toBe(true);
      expect(await a.query('select name from migrations order by id')).toEqual([
        { name: 'CreateThings1700000000001' },
        { name: 'AddColour1700000000002' },
      ]);
      await a.query('insert into things (colour) values ($1)', ['red']);
    });

    it('run once when several runners start together', async () => {
      const empty = await server.freshDatabase();
      const all = [service('x', [first, second]), service('y', [first])];
      await Promise.all(Array.from({ length: 4 }, () => provision(empty, all)));
      const x = server.open({ url: empty, schema: 'x', role: 'parley_x' });
      expect(await x.query('select count(*) as n from migrations')).toEqual([{ n: 2n }]);
    });

    it('are refused to an older build, with a message that says so', async () => {
      await provision(url, [service('a', [first, second])]);
      await expect(provision(url, [service('a', [first])])).rejects.toMatchObject({
        code: 'FAILED_PRECONDITION',
        reason: 'POSTGRES.SCHEMA_NEWER',
        message: expect.stringMatching(/Schema a .*newer build.*AddColour/) as string,
      });
    });

    it('leave nothing of one that fails, and name the service and the reason', async () => {
      const failing = provision(url, [service('a', [first, second, broken])]);
      await expect(failing).rejects.toThrow(/Migrating a failed: .*nowhere/);
      expect(await refused(as('a').query('select * from half'))).toBe('42P01');
      expect(await schemaIsCurrent(as('a'), [first, second])).toBe(true);
    });
  });

  describe('waitForSchema', () => {
    beforeAll(fresh);

    it('waits until the migrations are there', async () => {
      const empty = await server.freshDatabase();
      const z = server.open({ url: empty, schema: 'z', role: 'parley_z' });
      const why: string[] = [];
      const waiting = waitForSchema(z, [first], {
        onWaiting: (reason) => {
          why.push(reason);
          if (why.length === 1) void provision(empty, [service('z')]);
        },
      });
      await waiting;
      expect(why[0]).toMatch(/db:migrate|away/);
      expect(await z.query('select * from things')).toEqual([]);
    });

    it('is content with a newer schema, and gives up when told to', async () => {
      await provision(url, [service('a', [first, second])]);
      await waitForSchema(as('a'), [first]);
      const signal = AbortSignal.abort();
      await expect(waitForSchema(as('a'), [broken], { signal })).rejects.toMatchObject({
        reason: 'POSTGRES.SCHEMA_BEHIND',
      });
    });
  });
});
