import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pause } from '@parley/resilience';
import pg from 'pg';
import { databaseAway, fromDriver } from './errors.js';

/** How long a connection may take to answer; a quiet one is asked every other such span whether it is still there. */
const HEARTBEAT_MS = 5000;
/** A lock is asked for this often: a waiting `pg_advisory_lock` would hold a snapshot, and so keep vacuum from its work. */
const LOCK_POLL_MS = 200;

/** The advisory-lock key of a name. Keys are shared by a whole database, so a name starts with its owner's. */
export function lockKey(name: string): bigint {
  return createHash('sha256').update(name).digest().readBigInt64BE(0);
}

/** One connection outside the pool; `lost` aborts when it breaks or does not answer its heartbeat. */
export class Session {
  readonly #lost = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #closing = false;

  private constructor(readonly client: pg.Client) {}

  /** @throws AppError `POSTGRES.UNAVAILABLE` */
  static async open(config: pg.ClientConfig): Promise<Session> {
    const client = new pg.Client({ ...config, query_timeout: HEARTBEAT_MS });
    const session = new Session(client);
    client.on('error', (cause) => session.#lose(cause));
    client.on('end', () => session.#lose(new Error('The connection ended.')));
    try {
      await client.connect();
    } catch (thrown) {
      void client.end().catch(() => undefined);
      throw fromDriver(thrown);
    }
    return session;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** From here on the connection is asked now and then whether it is there; nothing else may be asked of it. */
  watch(): void {
    const beat = (): void => void this.client.query('select 1').catch((cause: unknown) => this.#lose(cause));
    this.#timer = setInterval(beat, HEARTBEAT_MS * 2).unref();
  }

  #lose(cause: unknown): void {
    clearInterval(this.#timer);
    if (!this.#closing) this.#lost.abort(databaseAway(cause));
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#timer);
    // The server frees locks and subscriptions when the socket closes; a peer that is gone cannot be waited for.
    await Promise.race([this.client.end().catch(() => undefined), sleep(1000, undefined, { ref: false })]);
  }
}

/** See `Database.withSessionLock`. */
export async function holdSessionLock(
  config: pg.ClientConfig,
  key: bigint,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  if (signal.aborted) return;
  const session = await Session.open(config);
  try {
    const stop = AbortSignal.any([signal, session.lost]);
    if (await acquire(session, key, stop)) {
      session.watch();
      await work(stop);
    }
  } catch (thrown) {
    if (session.lost.aborted) throw session.lost.reason;
    throw thrown;
  } finally {
    await session.close();
  }
  if (session.lost.aborted && !signal.aborted) throw session.lost.reason;
}

async function acquire(session: Session, key: bigint, stop: AbortSignal): Promise<boolean> {
  while (!stop.aborted) {
    const asked = session.client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [key]);
    const { rows } = await asked.catch((thrown: unknown) => Promise.reject(fromDriver(thrown)));
    if (rows[0]?.held) return true;
    await pause(LOCK_POLL_MS, stop);
  }
  return false;
}
