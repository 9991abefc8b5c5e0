import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { Database, startEmbeddedPostgres, type EmbeddedPostgres } from '../src/index.js';
import { unprivilegedAccount } from '../src/embedded-account.js';
import { enterableBinaries } from '../src/embedded-files.js';
import { openFolder, until } from './server.js';

const asRoot = process.getuid?.() === 0;

describe('embedded PostgreSQL', () => {
  let root: string;
  let dataDir: string;
  const started: EmbeddedPostgres[] = [];
  const elsewhere: string[] = [];

  const start = async (port = 0): Promise<EmbeddedPostgres> => {
    const server = await startEmbeddedPostgres({ dataDir, port });
    started.push(server);
    return server;
  };
  const ask = async (server: EmbeddedPostgres, sql: string): Promise<unknown[]> => {
    const db = new Database({ url: server.url, schema: 'public', applicationName: 'spec' });
    return db.query(sql).finally(() => db.close());
  };
  const alive = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  const pidFile = (server: EmbeddedPostgres): string => join(server.cluster, 'postmaster.pid');

  beforeEach(async () => {
    root = await openFolder();
    dataDir = join(root, 'data');
  });

  afterEach(async () => {
    for (const server of started.splice(0)) await server.stop();
    for (const folder of [root, ...elsewhere.splice(0)]) await rm(folder, { recursive: true, force: true });
  });

  it('keeps its data from one start to the next, and its password to its owner', async () => {
    const first = await start();
    await ask(first, 'create table kept (id int); insert into kept values (1)');
    await first.stop();
    expect(await first.exited).toMatchObject({ code: 0, expected: true });
    expect(alive(first.pid)).toBe(false);
    expect((await stat(join(dataDir, 'postgres-password'))).mode & 0o777).toBe(0o600);
    const second = await start();
    expect(await ask(second, 'select * from kept')).toEqual([{ id: 1 }]);
  });

  it('is durable, modest, local, and lets nobody in without the password', async () => {
    const server = await start();
    const sql = `select name, setting from pg_settings where name in
      ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'max_connections', 'server_encoding') order by name`;
    const settings = (await ask(server, sql)) as { name: string; setting: string }[];
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: 'on',
      full_page_writes: 'on',
      listen_addresses: '127.0.0.1',
      max_connections: '200',
      server_encoding: 'UTF8',
      synchronous_commit: 'on',
    });
    const stranger = new Database({
      url: server.url.replace(/:[^:@]+@/, ':wrong@'),
      schema: 'public',
      applicationName: 'x',
    });
    await expect(stranger.ping()).rejects.toMatchObject({ details: { sqlstate: '28P01' } });
    await stranger.close();
  });

  it('stops with clients connected, whoever stops it how often', async () => {
    const server = await start();
    const db = new Database({ url: server.url, schema: 'public', applicationName: 'spec' });
    const busy = db.query('select pg_sleep(20)').catch((thrown: unknown) => thrown);
    await until(
      async () => (await db.query(`select 1 from pg_stat_activity where query like '%pg_sleep(20)' `)).length > 0,
    );
    await Promise.all([server.stop(), server.stop()]);
    expect(await busy).toMatchObject({ reason: 'POSTGRES.UNAVAILABLE' });
    await db.close();
  });

  it('says when it dies by itself, and a pool survives its return', async () => {
    const server = await start();
    const db = new Database({ url: server.url, schema: 'public', applicationName: 'spec', poolSize: 2 });
    await db.query('create table kept (id int)');
    process.kill(server.pid, 'SIGQUIT');
    expect(await server.exited).toMatchObject({ expected: false });
    await expect(db.ping()).rejects.toMatchObject({ reason: 'POSTGRES.UNAVAILABLE', retryable: true });
    const again = await start(server.port);
    expect(again.url).toBe(server.url);
    expect(await db.query('select * from kept')).toEqual([]);
    await db.close();
  });

  describe('after a crash', () => {
    it('takes over when the postmaster was killed', async () => {
      const server = await start();
      await ask(server, 'create table kept (id int)');
      process.kill(server.pid, 'SIGKILL');
      await server.exited;
      expect(await ask(await start(), 'select * from kept')).toEqual([]);
    });

    it('stops the postmaster of an earlier start that is still alive', async () => {
      const earlier = await start();
      await ask(earlier, 'create table kept (id int)');
      const later = await start(earlier.port);
      expect(alive(earlier.pid)).toBe(false);
      expect(await ask(later, 'select * from kept')).toEqual([]);
    });

    it('is not held up by a pid that belongs to something else by now', async () => {
      const server = await start();
      await server.stop();
      const other: ChildProcess = spawn('sleep', ['60']);
      await writeFile(pidFile(server), `${other.pid}\n${server.cluster}\n`);
      await start();
      expect(other.exitCode).toBeNull();
      other.kill();
    });

    it('makes the cluster again when the first start was killed in the middle of it', async () => {
      await mkdir(join(dataDir, 'postgres', 'cluster.new', 'base'), { recursive: true });
      await writeFile(join(dataDir, 'postgres-password'), 'kept\n', { mode: 0o600 });
      const server = await start();
      expect(await ask(server, 'select 1 as n')).toEqual([{ n: 1 }]);
    });
  });

  describe('when it cannot start', () => {
    const failure = async (port = 0): Promise<{ reason?: string; message?: string }> =>
      start(port).then(
        () => ({}),
        (thrown: unknown) => thrown as { reason: string; message: string },
      );

    it('says in one line that the port is taken', async () => {
      const server = await new Promise<Server>((resolve) => {
        const listening = createServer().listen(0, '127.0.0.1', () => resolve(listening));
      });
      const { port } = server.address() as { port: number };
      const error = await failure(port);
      expect(error).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'POSTGRES.PORT_TAKEN' });
      expect(error.message).toMatch(new RegExp(`^Port ${port} .*$`));
      server.close();
    });

    it('says that the data is of another version', async () => {
      const server = await start();
      await server.stop();
      await writeFile(join(server.cluster, 'PG_VERSION'), '17\n');
      expect(await failure()).toMatchObject({
        reason: 'POSTGRES.WRONG_VERSION',
        message: expect.stringMatching(/17.*18/) as string,
      });
    });

    it('quotes the server when it gives up for a reason of its own', async () => {
      const server = await start();
      await server.stop();
      await rm(join(server.cluster, 'global', 'pg_control'));
      const error = await failure();
      expect(error).toMatchObject({ reason: 'POSTGRES.START_FAILED' });
      expect(error.message).not.toContain('\n');
    });

    it('says that the password is gone instead of making a new one', async () => {
      await (await start()).stop();
      await rm(join(dataDir, 'postgres-password'));
      expect(await failure()).toMatchObject({ reason: 'POSTGRES.DATA_GONE' });
    });

    it('says that the data folder is a file', async () => {
      await writeFile(dataDir, '');
      expect(await failure()).toMatchObject({ reason: 'POSTGRES.START_FAILED' });
    });
  });

  // What only root meets: PostgreSQL runs under another account, which may not come in here.
  (asRoot ? describe : describe.skip)('as root, in folders that only root may enter', () => {
    it('keeps the cluster where its account can go, and finds it again', async () => {
      await chmod(root, 0o700);
      const server = await start();
      const location = (await readFile(join(dataDir, 'postgres-location'), 'utf8')).trim();
      elsewhere.push(location);
      expect(server.cluster).toBe(join(location, 'cluster'));
      expect((await stat(server.cluster)).uid).not.toBe(0);
      await ask(server, 'create table kept (id int)');
      await server.stop();
      expect(await ask(await start(), 'select * from kept')).toEqual([]);
    });

    it('deletes everything when it is destroyed', async () => {
      await chmod(root, 0o700);
      const server = await start();
      await server.destroy();
      for (const path of [dirname(server.cluster), dataDir]) await expect(stat(path)).rejects.toThrow('ENOENT');
    });

    it('runs a copy of the binaries', async () => {
      const packaged = join(root, 'clone', 'package', 'native');
      const version = `spec-${Date.now()}`;
      await mkdir(join(packaged, 'bin'), { recursive: true });
      await mkdir(join(packaged, 'lib'));
      await writeFile(join(packaged, '..', 'package.json'), JSON.stringify({ version }));
      await writeFile(join(packaged, 'bin', 'postgres'), '#!/bin/sh\necho here', { mode: 0o755 });
      await writeFile(join(packaged, 'lib', 'libx.so.1'), 'x');
      const links = [{ source: 'native/lib/libx.so.1', target: 'native/lib/libx.so' }];
      await writeFile(join(packaged, 'pg-symlinks.json'), JSON.stringify(links));
      await chmod(join(root, 'clone'), 0o700);
      const account = await unprivilegedAccount();
      const native = await enterableBinaries(packaged, account);
      elsewhere.push(native);
      expect(native).not.toBe(packaged);
      expect(await enterableBinaries(packaged, account)).toBe(native);
      expect(execFileSync(join(native, 'bin', 'postgres'), { ...account, cwd: '/' }).toString()).toBe('here\n');
      expect(await readFile(join(native, 'lib', 'libx.so'), 'utf8')).toBe('x');
      // Not writable by the account that runs it.
      expect((await stat(native)).uid).toBe(0);
    });

    it('does not start empty when that folder is gone', async () => {
      await chmod(root, 0o700);
      const server = await start();
      await server.stop();
      await rm(dirname(server.cluster), { recursive: true });
      await expect(start()).rejects.toMatchObject({ reason: 'POSTGRES.DATA_GONE' });
    });

    it('runs under an account that is not root', async () => {
      const server = await start();
      expect((await stat(`/proc/${server.pid}`)).uid).not.toBe(0);
    });
  });
});
