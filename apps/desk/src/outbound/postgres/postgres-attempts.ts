import type { Database } from '@parley/postgres';
import { Attempts, type Tried } from '../../ports/attempts.port.js';

// Keys in their order, so that two attempts that share some of them never wait for each other in a circle.
const TAKE = `
  insert into sign_in_attempt as known (key, count, began_at)
  select key, 1, $2::timestamptz from unnest($1::text[]) as key order by key
  on conflict (key) do update set
    count = case when known.began_at <= $3::timestamptz then 1 else known.count + 1 end,
    began_at = case when known.began_at <= $3::timestamptz then $2::timestamptz else known.began_at end
  returning key, count, began_at as began`;

const GIVE_BACK = `
  update sign_in_attempt set count = greatest(count - 1, 0)
  where key in (select key from sign_in_attempt where key = any($1::text[]) order by key for update)`;

/** Attempts in Postgres: the limits hold over all processes, and over a restart. */
export class PostgresAttempts extends Attempts {
  constructor(private readonly db: Database) {
    super();
  }

  override take(keys: readonly string[], now: Date, windowMs: number): Promise<Tried[]> {
    return this.db.query<Tried>(TAKE, [keys, now, new Date(now.getTime() - windowMs)]);
  }

  override async giveBack(keys: readonly string[]): Promise<void> {
    await this.db.query(GIVE_BACK, [keys]);
  }

  override async forget(keys: readonly string[]): Promise<void> {
    await this.db.query('delete from sign_in_attempt where key = any($1::text[])', [keys]);
  }

  override async purge(before: Date): Promise<void> {
    await this.db.query('delete from sign_in_attempt where began_at < $1', [before]);
  }
}
