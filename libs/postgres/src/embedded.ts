import { chmod, copyFile, chown, mkdir, realpath, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { types } from 'node:util';
import { AppError } from '@parley/errors';
import pg from 'pg';
import { unprivilegedAccount } from './embedded-account.js';
import { failureOf } from './embedded-failure.js';
import { findPlace, makeCluster, superuserPassword, type Place } from './embedded-files.js';
import {
  clearStale,
  freePortOr,
  initdb,
  startPostgres,
  stopPostgres,
  type EmbeddedExit,
  type Running,
} from './embedded-process.js';

/** A PostgreSQL of our own, started as a child of this process. */
export interface EmbeddedPostgres {
  /** Superuser's address of the database `parley`. */
  readonly url: string;
  readonly port: number;
  /** PGDATA; outside the data folder when the account could not enter that. */
  readonly cluster: string;
  readonly pid: number;
  /** Resolves when the server has ended, for whatever reason; `expected` tells whether `stop` ended it. */
  readonly exited: Promise<EmbeddedExit>;
  /** Stops within five seconds and keeps the data. A second call waits for the first. */
  stop(): Promise<void>;
  /** Stops, and deletes the data wherever it is: for tests. */
  destroy(): Promise<void>;
}

/** What `startEmbeddedPostgres` needs to know. */
export interface EmbeddedOptions {
  /** Made when it does not exist; holds the cluster (or where it is) and the superuser's password. */
  dataDir: string;
  /** On 127.0.0.1; 0 for a free one. */
  port: number;
  /** Gets every line the server prints. */
  log?: (line: string) => void;
}

const DATABASE = 'parley';
/** Replaying the log after a crash can take a while on a slow disk. */
const START_MS = 120_000;
/** Backends of a killed postmaster need a moment to notice; until then their shared memory blocks a new start. */
const ORPHANS_MS = 10_000;

/**
 * Starts PostgreSQL 18 from the npm package on `dataDir`, which it prepares the first time, and takes over after a crash.
 * Runs under an unprivileged account when this process is root. One server per data folder: a second start stops the first.
 * @throws AppError FAILED_PRECONDITION `POSTGRES.*`, one line that says what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  try {
    return await start(options);
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw failureOf(types.isNativeError(thrown) ? thrown.message : String(thrown), thrown);
  }
}

async function start(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  await mkdir(options.dataDir, { recursive: true });
  const dataDir = await realpath(options.dataDir);
  const place = await findPlace(dataDir, await unprivilegedAccount());
  await clearStale(place.cluster);
  const port = await freePortOr(options.port);
  const password = await superuserPassword(dataDir, place.cluster);
  await makeCluster(place, (folder) => initialise(dataDir, place, folder));
  const running = await launch(place, port, password, options.log ?? (() => undefined));
  return handle(running, { ...place, dataDir }, port, password);
}

/** initdb reads the password as the unprivileged account, so it gets a copy beside the cluster for that moment. */
async function initialise(dataDir: string, place: Place, folder: string): Promise<void> {
  const copy = join(dirname(folder), 'password');
  await rm(copy, { force: true });
  await copyFile(join(dataDir, 'postgres-password'), copy);
  await chmod(copy, 0o600);
  const { uid, gid } = place.account;
  if (uid !== undefined && gid !== undefined) await chown(copy, uid, gid);
  await initdb(place, folder, copy).finally(() => rm(copy, { force: true }));
}

async function launch(place: Place, port: number, password: string, log: (line: string) => void): Promise<Running> {
  const begun = Date.now();
  for (;;) {
    const running = startPostgres(place, port, log);
    try {
      if (await ready(running, port, password)) return running;
    } catch (thrown) {
      await stopPostgres(running);
      throw thrown;
    }
    const blocked = /pre-existing shared memory block|is still in use/.test(running.output());
    if (!blocked || Date.now() - begun > ORPHANS_MS) throw failureOf(running.output());
    await sleep(200);
  }
}

/** Waits until the server takes connections and has our database; false when it ended instead. */
async function ready(running: Running, port: number, password: string): Promise<boolean> {
  let ended = false;
  void running.ended.then(() => (ended = true));
  const limit = Date.now() + START_MS;
  while (!ended && Date.now() < limit) {
    const client = new pg.Client({
      connectionString: addressOf(port, password, 'postgres'),
      connectionTimeoutMillis: 5000,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await ensureDatabase(client);
      return true;
    } catch (thrown) {
      if (isFatal(thrown)) throw thrown;
    } finally {
      await client.end().catch(() => undefined);
    }
    await sleep(20);
  }
  return !ended && Promise.reject(failureOf('FATAL: it took no connections within two minutes'));
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const { rows } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
  if (rows.length === 0) await client.query(`create database ${DATABASE}`);
}

/** What no waiting cures: the server answers, and says no. 57P03 is "starting up". */
function isFatal(thrown: unknown): boolean {
  const { code } = thrown as { code?: string };
  return code !== undefined && /^(28|42|53100)/.test(code);
}

function addressOf(port: number, password: string, database: string): string {
  return `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

function handle(
  running: Running,
  place: Place & { dataDir: string },
  port: number,
  password: string,
): EmbeddedPostgres {
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= stopPostgres(running));
  // The last resort of a process that ends without stopping us, so that nothing is left behind. Not for kill -9: that is
  // what `clearStale` is for.
  const atExit = (): void => void running.child.kill('SIGINT');
  process.once('exit', atExit);
  const exited = running.ended.then((end) => ({ ...end, expected: stopping !== undefined }));
  void exited.then(() => process.removeListener('exit', atExit));
  return {
    url: addressOf(port, password, DATABASE),
    port,
    cluster: place.cluster,
    pid: running.child.pid ?? 0,
    exited,
    stop,
    destroy: async () => {
      await stop();
      for (const folder of [dirname(place.cluster), place.dataDir]) await rm(folder, { recursive: true, force: true });
    },
  };
}
