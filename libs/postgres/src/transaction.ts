import { AppError } from '@parley/errors';
import pg from 'pg';
import { run, statementName } from './connection.js';
import { fromDriver, isStalePlan, sqlstateOf } from './errors.js';

/** Something statements can be sent to: one open transaction, or the database itself (each statement for itself). */
export interface Tx {
  /**
   * Runs one statement and returns its rows. With `params` it is prepared once per connection; without, the text may hold
   * several statements. int8 comes back as bigint, `date` as `YYYY-MM-DD`, numeric as text, jsonb parsed.
   * @throws AppError as `fromDriver` says
   */
  query<R = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /**
   * Sends a statement whose rows nobody needs, and does not wait for it: what follows, the commit too, is on its way in the
   * meantime. If it fails nothing is committed, and the transaction throws what `translate` makes of the error.
   */
  later(sql: string, params: readonly unknown[], translate?: Translate): Promise<void>;
  /**
   * Calls `tell` once what was written is there for others to see; never when it was rolled back, and not for certain: the
   * process may end in between. So for hints only. Outside a transaction it is called at once.
   */
  afterCommit(tell: () => void): void;
}

/** Says in the caller's words what an error means. */
export type Translate = (error: AppError) => AppError;

/** What is used of pg's connection and query, and not in their types. */
interface Wire {
  stream: { cork(): void; uncork(): void };
  bind(config: { statement: string }): void;
  execute(config: object): void;
}
interface QueryInside {
  prepare(connection: Wire): void;
  handleCommandComplete(message: unknown, connection: Wire): void;
}
type Done = (error: Error | undefined, result: unknown) => void;

const BEGIN = { name: 'p_begin', text: 'begin' };
const inside = pg.Query.prototype as unknown as QueryInside;
/** Connections on which `begin` is prepared. */
const prepared = new WeakSet<pg.ClientBase>();

/** A statement with a `begin` before it, sent as one: should that fail, the server skips the statement as well. */
class BeginningQuery extends pg.Query {
  #begun = false;

  prepare(connection: Wire): void {
    connection.bind({ statement: BEGIN.name });
    connection.execute({});
    inside.prepare.call(this, connection);
  }

  handleCommandComplete(message: unknown, connection: Wire): void {
    if (this.#begun) inside.handleCommandComplete.call(this, message, connection);
    this.#begun = true;
  }
}

/**
 * A transaction on a connection of its own. It begins with its first statement, and statements are sent without waiting for
 * the ones before: the server runs them one after the other.
 */
export class OpenTransaction implements Tx {
  #begun = false;
  #open = true;
  #corked = false;
  #last: Promise<unknown> = Promise.resolve();
  #failure: AppError | undefined;
  readonly #told: (() => void)[] = [];
  /** Whether the connection holds a prepared statement that will never work again. */
  spoilt = false;

  constructor(private readonly client: pg.ClientBase) {}

  /** Gets a new connection ready; on others nothing is sent before the first statement. */
  async prepare(): Promise<void> {
    if (prepared.has(this.client)) return;
    await this.client.query(BEGIN).catch(rethrow);
    prepared.add(this.client);
    this.#begun = true;
  }

  query<R>(sql: string, params?: readonly unknown[]): Promise<R[]> {
    if (!this.#open) return Promise.reject(transactionOver());
    const result = this.#send(sql, params);
    this.#last = result.catch(() => undefined);
    return result.then(
      (rows) => rows as R[],
      (thrown: unknown) => {
        this.spoilt ||= isStalePlan(thrown);
        throw fromDriver(thrown);
      },
    );
  }

  later(sql: string, params: readonly unknown[], translate: Translate = (error) => error): Promise<void> {
    if (!this.#open) return Promise.reject(transactionOver());
    this.#cork();
    this.#last = new Promise<void>((resolve) => {
      // Called before this returns when a parameter cannot be encoded: then the commit is not sent at all.
      this.#submit(sql, params, (error) => {
        if (error) {
          this.spoilt ||= isStalePlan(error);
          this.#failure ??= translate(fromDriver(error));
        }
        resolve();
      });
    });
    return Promise.resolve();
  }

  afterCommit(tell: () => void): void {
    this.#told.push(tell);
  }

  /** It is committed. */
  tell(): void {
    for (const tell of this.#told) tell();
  }

  /** Takes no more statements. */
  end(): void {
    this.#open = false;
  }

  /** @throws AppError what a statement failed with that nobody waited for; `POSTGRES.FAILED` when an error was swallowed */
  async commit(): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (!this.#begun) return;
    const { command } = await run(this.client, 'commit').catch(rethrow);
    if (command === 'ROLLBACK') throw this.#failure ?? transactionFailed();
  }

  /** Undoes everything once the statements under way are over; whether the connection can be used again. */
  async rollBack(): Promise<boolean> {
    this.end();
    await this.#last;
    if (!this.#begun) return !this.spoilt;
    return run(this.client, 'rollback').then(
      () => !this.spoilt,
      () => false,
    );
  }

  /** What a throw of the work stands for: after a failure that nobody waited for every other statement fails, too. */
  causeOf(thrown: unknown): unknown {
    return this.#failure && sqlstateOf(thrown) === '25P02' ? this.#failure : thrown;
  }

  async #send(sql: string, params?: readonly unknown[]): Promise<unknown[]> {
    if (this.#begun) return (await run(this.client, sql, params)).rows;
    if (!params || params.length === 0) {
      this.#begun = true;
      return (await run(this.client, `begin;\n${sql}`)).rows;
    }
    const result = await new Promise<unknown>((resolve, reject) => {
      this.#submit(sql, params, (error, found) => (error ? reject(error) : resolve(found)));
    });
    return (result as pg.QueryResult).rows as unknown[];
  }

  #submit(sql: string, params: readonly unknown[], done: Done): void {
    const Statement = this.#begun ? pg.Query : BeginningQuery;
    this.#begun = true;
    const config = { text: sql, values: [...params], name: statementName(sql) };
    this.client.query(new Statement(config, done as never));
  }

  /** What is sent before this turn of the microtask queue is over, usually the rest of the transaction, leaves as one. */
  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    const { stream } = (this.client as unknown as { connection: Wire }).connection;
    stream.cork();
    process.nextTick(() => {
      this.#corked = false;
      stream.uncork();
    });
  }
}

function rethrow(thrown: unknown): never {
  throw fromDriver(thrown);
}

function transactionOver(): AppError {
  const message = 'A statement was sent to a transaction that is over.';
  return new AppError({ code: 'INTERNAL', reason: 'POSTGRES.FAILED', message });
}

function transactionFailed(): AppError {
  const message = 'A statement of the transaction failed and its error was swallowed; nothing was committed.';
  return new AppError({ code: 'INTERNAL', reason: 'POSTGRES.FAILED', message });
}
