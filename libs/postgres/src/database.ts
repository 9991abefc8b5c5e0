import { AppError } from '@parley/errors';
import { passing } from '@parley/resilience';
import pg from 'pg';
import { connectionConfig, run, type DatabaseOptions } from './connection.js';
import { fromDriver, isStalePlan } from './errors.js';
import { Hints } from './hints.js';
import { Listener } from './listener.js';
import { holdSessionLock } from './session.js';
import { OpenTransaction, type Translate, type Tx } from './transaction.js';

/**
 * A pool of connections to one schema. The constructor does not connect; a server that restarts makes the statements of
 * that moment fail with `POSTGRES.UNAVAILABLE`, and the next ones work again.
 */
export class Database implements Tx {
  readonly schema: string;
  readonly #pool: pg.Pool;
  readonly #config: pg.ClientConfig;
  readonly #listener: Listener;
  readonly #hints = new Hints((sql, params) => this.query(sql, params));

  constructor(options: DatabaseOptions) {
    this.schema = options.schema;
    this.#config = connectionConfig(options);
    this.#listener = new Listener(this.#config);
    const { poolSize = 10, idleMs = 30_000 } = options;
    this.#pool = new pg.Pool({ ...this.#config, max: poolSize, idleTimeoutMillis: idleMs, pipeline: true });
    // A connection that breaks while nobody uses it is dropped by the pool and missed by nobody. Without a handler Node
    // would end the process. The second one is for a connection in use: its statement fails, which says it all.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** One statement in a transaction of its own, on any connection of the pool. */
  async query<R = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<R[]> {
    const client = await this.#client();
    let broken = false;
    try {
      return (await run(client, sql, params)).rows as R[];
    } catch (thrown) {
      // When in doubt a connection is thrown away: that costs one reconnect.
      broken = isStalePlan(thrown) || fromDriver(thrown).code === 'UNAVAILABLE';
      if (isStalePlan(thrown)) return await unprepared<R>(client, sql, params);
      throw fromDriver(thrown);
    } finally {
      client.release(broken);
    }
  }

  /**
   * Runs `work` in one transaction (read committed) and commits, or rolls back when it throws; what it throws comes out
   * unchanged. `POSTGRES.UNAVAILABLE` from the commit itself means the outcome is unknown: run it again behind an inbox mark.
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.#client();
    const tx = new OpenTransaction(client);
    let usable = true;
    try {
      await tx.prepare();
      const result = await work(tx);
      tx.end();
      await passing('postgres.transaction.committing');
      await tx.commit();
      tx.tell();
      await passing('postgres.transaction.committed');
      return result;
    } catch (thrown) {
      usable = await tx.rollBack();
      throw tx.causeOf(thrown);
    } finally {
      client.release(!usable);
    }
  }

  /** See `Tx`: every statement here is waited for, and committed when it is over. */
  async later(sql: string, params: readonly unknown[], translate?: Translate): Promise<void> {
    await this.query(sql, params).catch((thrown: unknown) => {
      const error = AppError.from(thrown);
      throw translate ? translate(error) : error;
    });
  }

  /** See `Tx`: every statement here is committed when it is over. */
  afterCommit(tell: () => void): void {
    tell();
  }

  /**
   * Sends a NOTIFY from outside every transaction, soon, once for all that ask for the same meanwhile; nobody hears whether it
   * went out. A transaction that notified for itself would wait with its commit for all others that do. With `patienceMs` it
   * waits that long for others.
   */
  hint(channel: string, payload = '', patienceMs = 0): void {
    this.#hints.add(channel, payload, patienceMs);
  }

  /**
   * Calls `onNotify` for every NOTIFY on `channel`, from a connection (one for all channels) that comes back by itself; after each
   * return it calls `onNotify('')`, since notifications in between are lost. Resolves when listening, or after the first
   * attempt when the server is away: a notification is a hint, never the only way to learn something.
   */
  async listen(channel: string, onNotify: (payload: string) => void): Promise<{ close(): Promise<void> }> {
    return this.#listener.add(channel, onNotify);
  }

  /**
   * Waits for the advisory lock `key`, then runs `work` while one connection holds it. The signal that `work` gets aborts
   * when `signal` does or when that connection is lost: from then on somebody else may hold the lock. Resolves once `work`
   * has ended (or `signal` aborted while waiting).
   * @throws AppError `POSTGRES.UNAVAILABLE` when the connection cannot be made or is lost; what `work` throws
   */
  withSessionLock(key: bigint, signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    return holdSessionLock(this.#config, key, signal, work);
  }

  /** Resolves when the database answers. */
  async ping(): Promise<void> {
    await this.query('select 1');
  }

  /** Waits for statements under way and closes every connection. Nothing may be asked afterwards. */
  async close(): Promise<void> {
    await this.#listener.close();
    if (!this.#pool.ended && !this.#pool.ending) await this.#pool.end();
  }

  async #client(): Promise<pg.PoolClient> {
    return this.#pool.connect().catch(rethrow);
  }
}

async function unprepared<R>(client: pg.ClientBase, sql: string, params?: readonly unknown[]): Promise<R[]> {
  return (await run(client, sql, params, false).catch(rethrow)).rows as R[];
}

function rethrow(thrown: unknown): never {
  throw fromDriver(thrown);
}
