import { AppError } from '@parley/errors';
import { lockKey, type Database } from '../src/index.js';
import { gate, testServer, until, type TestServer } from './server.js';

describe('Database', () => {
  let server: TestServer;
  let url: string;
  let db: Database;
  let admin: Database;

  /** Ends the connections of one application, as a restart of the server would. */
  const terminate = async (applicationName: string): Promise<number> => {
    const sql = 'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1';
    return (await admin.query(sql, [applicationName])).length;
  };

  beforeAll(async () => {
    server = await testServer();
    url = await server.freshDatabase();
    admin = server.open({ url, applicationName: 'admin' });
    db = server.open({ url, applicationName: 'main', poolSize: 4 });
    await db.query('create table things (id int primary key, name text)');
  });
  beforeEach(() => db.query('truncate things'));
  afterAll(() => server.close());

  describe('query', () => {
    it('returns int8 as bigint, dates and numerics as text, jsonb parsed', async () => {
      const sql = `select 9007199254740993::int8 as big, '{1,2}'::int8[] as bigs, '{}'::int8[] as none, date '2026-02-28' as day,
        1.10::numeric as money, '{"a": [1]}'::jsonb as doc, $1::bytea as bytes`;
      const [row] = await db.query(sql, [Buffer.from([0, 255])]);
      expect(row).toEqual({
        big: 9007199254740993n,
        bigs: [1n, 2n],
        none: [],
        day: '2026-02-28',
        money: '1.10',
        doc: { a: [1] },
        bytes: Buffer.from([0, 255]),
      });
    });

    it('takes bigints, buffers and arrays of them as parameters', async () => {
      const sql = 'select $1::int8 as one, $2::int8[] as many, $3::bytea[] as blobs, $4::text[] as words';
      const words = ['a"b', 'c\\d', '', '{}', 'NULL'];
      const [row] = await db.query(sql, [2n ** 62n, [1n, -1n], [Buffer.from('x'), Buffer.alloc(0)], words]);
      expect(row).toEqual({ one: 2n ** 62n, many: [1n, -1n], blobs: [Buffer.from('x'), Buffer.alloc(0)], words });
    });

    it('prepares a statement with parameters once', async () => {
      const single = server.open({ url, poolSize: 1 });
      for (let n = 0; n < 3; n++) await single.query('select $1::int as prepared_once', [n]);
      const sql = `select statement from pg_prepared_statements where statement like '%prepared_once'`;
      expect(await single.query(sql)).toHaveLength(1);
    });

    it('goes on after a migration changed what a prepared statement returns', async () => {
      const single = server.open({ url, poolSize: 1 });
      const read = (): Promise<unknown[]> => single.query('select * from things where id > $1', [0]);
      await read();
      await admin.query('alter table things add column more int default 7');
      await admin.query('insert into things (id) values (1)');
      expect(await read()).toEqual([{ id: 1, name: null, more: 7 }]);
      await read();
      await admin.query('alter table things drop column more');
      await expect(
        single.transaction((tx) => tx.query('select * from things where id > $1', [0])),
      ).rejects.toMatchObject({
        code: 'ABORTED',
        reason: 'POSTGRES.CONFLICT',
      });
      expect(await read()).toEqual([{ id: 1, name: null }]);
    });
  });

  describe('errors', () => {
    it('are translated, name the constraint and quote no value', async () => {
      await db.query('insert into things values ($1)', [41]);
      const error: unknown = await db.query('insert into things values ($1)', [41]).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'INTERNAL',
        reason: 'POSTGRES.FAILED',
        retryable: false,
        details: { sqlstate: '23505', constraint: 'things_pkey' },
      });
      expect((error as Error).message).not.toContain('41');
    });

    it('say UNAVAILABLE when nothing listens, and when the server has no connection left', async () => {
      const nobody = server.open({ url: 'postgres://x:y@127.0.0.1:1/z' });
      const expected = { code: 'UNAVAILABLE', reason: 'POSTGRES.UNAVAILABLE', retryable: true };
      await expect(nobody.ping()).rejects.toMatchObject(expected);
      // Roles belong to the whole server, which may be shared with other specs.
      const few = `few_${url.slice(-8)}`;
      await admin.query(`create role ${few} login connection limit 1 password 'few'`);
      const address = new URL(url);
      address.username = few;
      address.password = 'few';
      const two = server.open({ url: address.toString(), poolSize: 2 });
      // The one connection is held while another is asked for: of two that come at once the server may refuse both.
      await two.transaction(async (tx) => {
        await tx.query('select 1');
        await expect(two.query('select 1')).rejects.toMatchObject(expected);
      });
    });

    it('say ABORTED for a deadlock', async () => {
      await db.query('insert into things values (1), (2)');
      const locked = [gate(), gate()] as const;
      const cross = (first: number, second: number, mine: 0 | 1): Promise<void> =>
        db.transaction(async (tx) => {
          await tx.query('update things set name = $2 where id = $1', [first, 'x']);
          locked[mine].open();
          await Promise.all(locked.map(({ passed }) => passed));
          await tx.query('update things set name = $2 where id = $1', [second, 'x']);
        });
      const ends = await Promise.allSettled([cross(1, 2, 0), cross(2, 1, 1)]);
      const failed = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
      expect(failed).toEqual([
        expect.objectContaining({ code: 'ABORTED', reason: 'POSTGRES.CONFLICT', retryable: true }),
      ]);
    });
  });

  describe('transaction', () => {
    it('commits what the work did and returns its result', async () => {
      const result = await db.transaction(async (tx) => {
        await tx.query('insert into things values ($1, $2)', [1, 'a']);
        expect(await admin.query('select 1 from things')).toEqual([]);
        return 'done';
      });
      expect(result).toBe('done');
      expect(await admin.query('select * from things')).toEqual([{ id: 1, name: 'a' }]);
    });

    it('rolls back and lets out what the work threw, unchanged', async () => {
      const cause = new RangeError('mine');
      const work = db.transaction(async (tx) => {
        await tx.query('insert into things values (1)');
        throw cause;
      });
      await expect(work).rejects.toBe(cause);
      expect(await db.query('select * from things')).toEqual([]);
    });

    it('does not report a commit when a failed statement was swallowed', async () => {
      const work = db.transaction(async (tx) => {
        await tx.query('insert into things values (1)');
        await tx.query('select 1 / 0').catch(() => undefined);
      });
      await expect(work).rejects.toMatchObject({ reason: 'POSTGRES.FAILED' });
      expect(await db.query('select * from things')).toEqual([]);
    });

    it('runs statements one after the other, also when they are sent at once', async () => {
      await db.transaction((tx) =>
        Promise.all([1, 2, 3].map((id) => tx.query('insert into things values ($1)', [id]))),
      );
      expect(await db.query('select count(*) as n from things')).toEqual([{ n: 3n }]);
    });

    describe('later', () => {
      it('sends statements that nobody waits for, and commits them', async () => {
        await db.transaction(async (tx) => {
          await tx.later('insert into things values ($1, $2)', [1, 'a']);
          expect(await tx.query('select name from things where id = $1', [1])).toEqual([{ name: 'a' }]);
          await tx.later('update things set name = $1', ['b']);
        });
        expect(await db.query('select * from things')).toEqual([{ id: 1, name: 'b' }]);
      });

      it('commits nothing when one of them fails, and says it in the words of its caller', async () => {
        await db.query('insert into things values ($1)', [41]);
        const said = new AppError({ code: 'ABORTED', reason: 'SPEC.SAID', message: 'Said.' });
        const insert = 'insert into things values ($1)';
        const translate = (error: AppError): AppError => (error.details['sqlstate'] === '23505' ? said : error);
        const atTheEnd = db.transaction(async (tx) => {
          await tx.query(insert, [1]);
          await tx.later(insert, [41], translate);
        });
        await expect(atTheEnd).rejects.toBe(said);
        const inBetween = db.transaction(async (tx) => {
          await tx.later(insert, [41], translate);
          await tx.query(insert, [2]);
        });
        await expect(inBetween).rejects.toBe(said);
        expect(await db.query('select id from things')).toEqual([{ id: 41 }]);
      });

      it('commits nothing when a parameter cannot be encoded', async () => {
        const circular: Record<string, unknown> = {};
        circular['self'] = circular;
        const work = db.transaction(async (tx) => {
          await tx.query('insert into things values ($1)', [1]);
          await tx.later('insert into things values (2, $1)', [circular]);
        });
        await expect(work).rejects.toMatchObject({ reason: 'POSTGRES.FAILED' });
        expect(await db.query('select * from things')).toEqual([]);
      });

      it('goes on with the same connection after a failure, also of the first statement', async () => {
        const single = server.open({ url, applicationName: 'single', poolSize: 1 });
        const first = (id: number): Promise<unknown> =>
          single.transaction(async (tx) => tx.query('insert into things values ($1)', [id]));
        await first(1);
        await expect(first(1)).rejects.toMatchObject({ details: { sqlstate: '23505' } });
        await first(2);
        expect(await single.query('select id from things order by id')).toEqual([{ id: 1 }, { id: 2 }]);
      });
    });

    it('refuses statements after its end', async () => {
      const leaked = await db.transaction((tx) => Promise.resolve({ tx }));
      await expect(leaked.tx.query('select 1')).rejects.toMatchObject({ reason: 'POSTGRES.FAILED' });
    });

    it('fails with UNAVAILABLE when its connection is lost between two statements, and the pool recovers', async () => {
      const fragile = server.open({ url, applicationName: 'fragile', poolSize: 1 });
      const work = fragile.transaction(async (tx) => {
        await tx.query('insert into things values (1)');
        await terminate('fragile');
        await until(async () => (await terminate('fragile')) === 0);
        await tx.query('insert into things values (2)');
      });
      await expect(work).rejects.toMatchObject({ reason: 'POSTGRES.UNAVAILABLE' });
      expect(await fragile.query('select * from things')).toEqual([]);
    });
  });

  it('survives the loss of idle connections', async () => {
    const idle = server.open({ url, applicationName: 'idle', poolSize: 3 });
    await Promise.all([1, 2, 3].map(() => idle.query('select pg_sleep(0.01)')));
    expect(await terminate('idle')).toBe(3);
    await until(() =>
      idle.ping().then(
        () => true,
        () => false,
      ),
    );
    expect(await idle.query('select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('puts the schema first on the search path and keeps options of the URL', async () => {
    const address = new URL(url);
    address.searchParams.set('options', '-c work_mem=5MB');
    const own = server.open({ url: address.toString(), schema: 'elsewhere' });
    const sql = `select current_setting('search_path') as path, current_setting('work_mem') as mem, current_setting('synchronous_commit') as sync`;
    expect(await own.query(sql)).toEqual([{ path: 'elsewhere,public', mem: '5MB', sync: 'on' }]);
  });

  describe('afterCommit', () => {
    it('tells when others can see what was written, and never when it was rolled back', async () => {
      await db.query('create table seen (n int)');
      const count = async (): Promise<unknown> => (await db.query('select count(*)::int as n from seen'))[0];
      const told: Promise<unknown>[] = [];
      await db.transaction(async (tx) => {
        tx.afterCommit(() => told.push(count()));
        await tx.query('insert into seen values ($1)', [1]);
        expect(told).toEqual([]);
      });
      expect(await Promise.all(told)).toEqual([{ n: 1 }]);
      const failed = db.transaction((tx) => {
        tx.afterCommit(() => told.push(count()));
        return Promise.reject(new Error('no'));
      });
      await expect(failed).rejects.toThrow('no');
      expect(told).toHaveLength(1);
    });
  });

  describe('listen', () => {
    it('hears notifications, comes back after a loss and says so with an empty one', async () => {
      const heard: string[] = [];
      const ears = server.open({ url, applicationName: 'ears' });
      const listening = await ears.listen('news', (payload) => heard.push(payload));
      await db.query(`select pg_notify('news', 'one')`);
      await until(() => heard.length === 1);
      await terminate('ears');
      await until(() => heard.length === 2);
      await db.query(`select pg_notify('news', 'two')`);
      await until(() => heard.length === 3);
      expect(heard).toEqual(['one', '', 'two']);
      await listening.close();
      expect(await admin.query(`select 1 from pg_stat_activity where application_name = 'ears'`)).toEqual([]);
    });

    it('hears hints: what is asked for again and again is told once more', async () => {
      const heard: string[] = [];
      const ears = server.open({ url, applicationName: 'ears' });
      const listening = await ears.listen('news', (payload) => heard.push(payload));
      for (const payload of ['one', 'two', 'two', 'two', 'end']) db.hint('news', payload);
      await until(() => heard.includes('end'));
      expect(heard).toEqual(['one', 'two', 'end']);
      await listening.close();
    });

    it('does not fail when the server is away', async () => {
      const nobody = server.open({ url: 'postgres://x:y@127.0.0.1:1/z' });
      const listening = await nobody.listen('news', () => undefined);
      await listening.close();
    });
  });

  describe('withSessionLock', () => {
    const key = lockKey('spec.lock');

    it('lets one in at a time and the next when it is done', async () => {
      const log: string[] = [];
      const stop = new AbortController().signal;
      const first = gate();
      const inside = gate();
      const holding = db.withSessionLock(key, stop, async () => {
        log.push('first in');
        inside.open();
        await first.passed;
        log.push('first out');
      });
      await inside.passed;
      const waiting = db.withSessionLock(key, stop, () => Promise.resolve(void log.push('second in')));
      await until(
        async () =>
          (await admin.query(`select 1 from pg_stat_activity where query like '%pg_try_advisory%'`)).length > 1,
      );
      first.open();
      await Promise.all([holding, waiting]);
      expect(log).toEqual(['first in', 'first out', 'second in']);
    });

    it('stops waiting, and stops the work, when it is told to', async () => {
      const inside = gate();
      const stop = new AbortController();
      const holding = db.withSessionLock(key, stop.signal, async (signal) => {
        inside.open();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      });
      await inside.passed;
      const work = { ran: false };
      const waiting = db.withSessionLock(key, stop.signal, () => Promise.resolve(void (work.ran = true)));
      stop.abort();
      await Promise.all([holding, waiting]);
      expect(work.ran).toBe(false);
    });

    it('aborts the work and fails when the connection that holds the lock is lost', async () => {
      const fragile = server.open({ url, applicationName: 'holder' });
      const inside = gate();
      const holding = fragile.withSessionLock(key, new AbortController().signal, async (signal) => {
        inside.open();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      });
      await inside.passed;
      await terminate('holder');
      await expect(holding).rejects.toMatchObject({ reason: 'POSTGRES.UNAVAILABLE' });
    });

    it('frees the lock when the work throws', async () => {
      const stop = new AbortController().signal;
      await expect(db.withSessionLock(key, stop, () => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
      await db.withSessionLock(key, stop, () => Promise.resolve());
    });
  });
});
