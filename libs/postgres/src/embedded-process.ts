import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { embeddedFailure, failureOf } from './embedded-failure.js';
import type { Place } from './embedded-files.js';

/** How a PostgreSQL ended: its exit code or signal, and whether `stop` was what ended it. */
export interface EmbeddedExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  expected: boolean;
}

/** Durability is never traded; memory is modest, since eight services share the machine. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '64MB',
  max_connections: '200',
  max_wal_size: '1GB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'off',
  log_min_messages: 'warning',
  // Statements may carry personal data; the log gets what went wrong, never with what.
  log_min_error_statement: 'panic',
  log_parameter_max_length_on_error: '0',
};

// A fixed environment: the caller's locale, PG* variables and working folder change nothing.
const ENVIRONMENT = { LC_ALL: 'C', PATH: '/usr/bin:/bin', TZ: 'UTC' };

const FAST_STOP_MS = 4000;
const STALE_STOP_MS = 10_000;

/** A running `postgres` and what it printed last. */
export interface Running {
  child: ChildProcess;
  output: () => string;
  ended: Promise<Omit<EmbeddedExit, 'expected'>>;
}

function program(place: Place, name: string, args: string[], log: (line: string) => void): Running {
  const { uid, gid } = place.account;
  const command = join(place.native, 'bin', name);
  // A group of its own: Ctrl-C and signals to the launcher's group reach the launcher alone, which stops us in order.
  const child = spawn(command, args, {
    uid,
    gid,
    cwd: '/',
    env: ENVIRONMENT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let tail = '';
  const keep = (chunk: Buffer): void => {
    tail = (tail + chunk.toString()).slice(-8000);
    for (const line of chunk.toString().split('\n')) if (line.trim()) log(line.trim());
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<Omit<EmbeddedExit, 'expected'>>((resolve) => {
    child.once('error', (error) => {
      tail += `\n${error.message}`;
      resolve({ code: null, signal: null });
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return { child, ended, output: () => tail };
}

/** Makes a new cluster in `folder`. */
export async function initdb(place: Place, folder: string, passwordFile: string): Promise<void> {
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-locale'];
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const run = program(
    place,
    'initdb',
    [`--pgdata=${folder}`, ...locale, ...access, '--no-instructions'],
    () => undefined,
  );
  const { code } = await run.ended;
  if (code !== 0) throw failureOf(run.output());
}

/** Starts `postgres`; whether it got as far as taking connections is for the caller to find out. */
export function startPostgres(place: Place, port: number, log: (line: string) => void): Running {
  const settings = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  return program(place, 'postgres', ['-D', place.cluster, ...settings], log);
}

/** Fast shutdown (open transactions are rolled back), then, after four seconds, without farewell; the log is replayed later. */
export async function stopPostgres({ child, ended }: Running): Promise<void> {
  child.kill('SIGINT');
  const done = new AbortController();
  const patience = sleep(FAST_STOP_MS, 'late', { signal: done.signal, ref: false }).catch(() => 'ended');
  if ((await Promise.race([ended, patience])) === 'late') child.kill('SIGQUIT');
  await ended;
  done.abort();
}

/**
 * Clears what an earlier start left in the cluster: a postmaster still alive is stopped, a pid file of a dead one (or of
 * a pid that belongs to something else by now) is removed.
 */
export async function clearStale(cluster: string): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  const ends: [NodeJS.Signals, number][] = [
    ['SIGINT', STALE_STOP_MS],
    ['SIGQUIT', STALE_STOP_MS],
  ];
  for (const [signal, patience] of ends) {
    if (!(await isPostmaster(pid, cluster))) break;
    kill(pid, signal);
    for (let waited = 0; waited < patience && (await isPostmaster(pid, cluster)); waited += 50) await sleep(50);
  }
  if (await isPostmaster(pid, cluster)) {
    throw embeddedFailure(
      'STILL_RUNNING',
      `PostgreSQL of an earlier start (pid ${pid}) does not stop; end it and start again.`,
    );
  }
  await rm(file, { force: true });
}

function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

async function isPostmaster(pid: number, cluster: string): Promise<boolean> {
  if (!kill(pid, 0)) return false;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  // Where there is no /proc a living pid is believed: stopping at the wrong moment is worse than asking the operator.
  if (commandLine === undefined) return process.platform !== 'linux';
  return commandLine.split('\0').includes(cluster);
}

/** The port itself, if nothing listens there, or a free one for 0. */
export async function freePortOr(port: number): Promise<number> {
  const server = createServer();
  const listening = new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  const taken = `Port ${port} for PostgreSQL is taken; stop what uses it, or choose another.`;
  const chosen = await listening.catch((cause: unknown) => Promise.reject(embeddedFailure('PORT_TAKEN', taken, cause)));
  await new Promise((resolve) => server.close(resolve));
  return chosen;
}
