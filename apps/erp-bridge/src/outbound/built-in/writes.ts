import { randomUUID } from 'node:crypto';
import { AppError, type ErrorCode } from '@parley/errors';
import { topics, type EventBus, type OutgoingRecord } from '@parley/event-bus';
import type { Database, Tx } from '@parley/postgres';
import { passing } from '@parley/resilience';
import { currentTraceparent } from '@parley/telemetry';
import type { BusinessFact } from '../../domain/business-event.js';
import { fingerprint } from '../../domain/canonical.js';
import { keyMissing, keyReused } from '../../domain/errors.js';
import { fromDatedJson, toDatedJson } from './dated-json.js';

/** What is to be done once per key. */
export interface Write {
  operation: string;
  key: string;
  request: unknown;
}

/** What it did: the answer to the caller, and the news for everybody else. */
export interface Effect<T> {
  answer: T;
  facts: BusinessFact[];
}

type Stored = { answer: unknown } | { refusal: { code: ErrorCode; reason: string; message: string; details: Details } };
type Details = Record<string, string>;

/** A no of the business, which a repeat must hear again. Anything else (a database that is away) may pass the next time. */
function isRefusal(thrown: unknown): thrown is AppError {
  return thrown instanceof AppError && (thrown.code === 'NOT_FOUND' || thrown.code === 'FAILED_PRECONDITION');
}

/**
 * Writes of the built-in ERP. The key, the effect, its answer and its business events commit in one transaction: a repeat
 * finds all of it or nothing, and of two at once the second waits for the first.
 */
export class Writes {
  constructor(
    private readonly db: Database,
    private readonly bus: EventBus,
    readonly now: () => Date,
  ) {}

  /** @throws AppError `IDEMPOTENCY.KEY_MISSING`, `IDEMPOTENCY.KEY_REUSED`, and what `effect` refuses */
  async once<T>(write: Write, effect: (tx: Tx) => Promise<Effect<T>>): Promise<T> {
    if (write.key === '') throw keyMissing();
    const hash = fingerprint({ operation: write.operation, request: write.request });
    await passing('erp-bridge.write.received');
    const outcome = await this.db.transaction(async (tx) => {
      const claim = 'insert into idempotency (key, request_hash) values ($1, $2) on conflict do nothing returning key';
      const claimed = await tx.query(claim, [write.key, hash]);
      return claimed.length === 0 ? this.#repeat(tx, write.key, hash) : this.#first(tx, write.key, effect);
    });
    await passing('erp-bridge.write.committed');
    if ('refusal' in outcome) throw new AppError(outcome.refusal);
    return outcome.answer as T;
  }

  /** Forgets keys that nobody repeats any more, like the marks of an inbox. */
  async purge(olderThan: Date): Promise<void> {
    await this.db.query('delete from idempotency where created_at < $1', [olderThan]);
  }

  /** Appends business events; must be the last statement of the transaction. */
  async announce(tx: Tx, facts: readonly BusinessFact[]): Promise<void> {
    if (facts.length === 0) return;
    await this.bus.append(
      tx,
      facts.map((fact) => this.#record(fact)),
    );
  }

  async #first<T>(tx: Tx, key: string, effect: (tx: Tx) => Promise<Effect<T>>): Promise<Stored> {
    // Whatever a refused effect has written goes, its refusal stays.
    await passing('erp-bridge.write.claimed');
    await tx.query('savepoint effect');
    try {
      const { answer, facts } = await effect(tx);
      await passing('erp-bridge.write.done');
      await this.#store(tx, key, { answer });
      await this.announce(tx, facts);
      await passing('erp-bridge.write.announced');
      return { answer };
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      await tx.query('rollback to savepoint effect');
      const { code, reason, message, details } = thrown;
      const stored: Stored = { refusal: { code, reason, message, details } };
      await this.#store(tx, key, stored);
      return stored;
    }
  }

  async #store(tx: Tx, key: string, stored: Stored): Promise<void> {
    await tx.query('update idempotency set answer = $2::jsonb where key = $1', [key, toDatedJson(stored)]);
  }

  async #repeat(tx: Tx, key: string, hash: string): Promise<Stored> {
    const sql = 'select request_hash as "requestHash", answer from idempotency where key = $1';
    const [known] = await tx.query<{ requestHash: string; answer: unknown }>(sql, [key]);
    if (known?.requestHash !== hash) throw keyReused();
    return fromDatedJson(known.answer) as Stored;
  }

  #record({ kind, customerId, number }: BusinessFact): OutgoingRecord {
    const id = randomUUID();
    const traceparent = currentTraceparent() ?? '';
    const value = { eventId: id, kind, customerId, number, occurredAt: this.now(), traceparent };
    return { topic: topics.businessEvents, key: customerId || number, value, id };
  }
}

/** A number nobody has yet, such as `SO-100001`. */
export async function nextNumber(tx: Tx, prefix: string, taken: string): Promise<string> {
  for (;;) {
    const [row] = await tx.query<{ n: bigint }>(`select nextval('numbers') as n`);
    const number = `${prefix}-${row?.n}`;
    // An import may have brought the same number.
    const found = await tx.query(`select 1 from ${taken} where number_key = $1`, [number]);
    if (found.length === 0) return number;
  }
}
