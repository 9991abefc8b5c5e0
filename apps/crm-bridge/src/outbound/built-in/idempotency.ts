import type { Database, Tx } from '@parley/postgres';
import { passing } from '@parley/resilience';
import { keyMissing, keyReused } from '../../domain/errors.js';
import type { Persons } from './persons.js';

/** What is to be done once per key. */
export interface Write {
  operation: string;
  key: string;
  request: unknown;
}

/**
 * Writes over gRPC. The key, the effect and the id of what it made commit in one transaction: a repeat finds all of it or
 * nothing, and of two at once the second waits for the first. What fails leaves no key and may be tried again.
 */
export class Idempotency {
  constructor(
    private readonly db: Database,
    private readonly persons: Persons,
  ) {}

  /** Returns the id `effect` returned, now or the first time. @throws AppError `IDEMPOTENCY.KEY_MISSING`, `IDEMPOTENCY.KEY_REUSED` */
  async once({ operation, key, request }: Write, effect: (tx: Tx) => Promise<string>): Promise<string> {
    if (key === '') throw keyMissing();
    const hash = this.persons.fingerprint({ operation, request });
    const done = await this.db.transaction(async (tx) => {
      const claim = 'insert into idempotency (key, request_hash) values ($1, $2) on conflict do nothing returning key';
      const claimed = await tx.query(claim, [key, hash]);
      if (claimed.length === 0) return this.#repeat(tx, key, hash);
      await passing('crm-bridge.write.claimed');
      const answer = await effect(tx);
      await tx.query('update idempotency set answer = $2 where key = $1', [key, answer]);
      await passing('crm-bridge.write.done');
      return answer;
    });
    await passing('crm-bridge.write.committed');
    return done;
  }

  /** Forgets keys that nobody repeats any more, like the marks of the inbox. */
  async purge(olderThan: Date): Promise<void> {
    await this.db.query('delete from idempotency where created_at < $1', [olderThan]);
  }

  async #repeat(tx: Tx, key: string, hash: string): Promise<string> {
    const sql = 'select request_hash as "requestHash", answer from idempotency where key = $1';
    const [known] = await tx.query<{ requestHash: string; answer: string | null }>(sql, [key]);
    if (known?.requestHash !== hash) throw keyReused();
    return known.answer ?? '';
  }
}
