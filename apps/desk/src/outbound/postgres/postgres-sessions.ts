import type { Database } from '@parley/postgres';
import type { Session, SessionLimits } from '../../domain/session.js';
import { Sessions } from '../../ports/sessions.port.js';

interface Row {
  token_hash: Buffer;
  account_id: string;
  started_at: Date;
  last_seen_at: Date;
}

/** Sessions in Postgres: every process of the desk knows them, and they outlive a restart. */
export class PostgresSessions extends Sessions {
  constructor(private readonly db: Database) {
    super();
  }

  override async start({ tokenHash, accountId, startedAt, lastSeenAt }: Session): Promise<void> {
    const sql = 'insert into session (token_hash, account_id, started_at, last_seen_at) values ($1, $2, $3, $4)';
    await this.db.query(sql, [tokenHash, accountId, startedAt, lastSeenAt]);
  }

  override async find(tokenHash: Buffer): Promise<Session | undefined> {
    const sql = 'select token_hash, account_id, started_at, last_seen_at from session where token_hash = $1';
    const [row] = await this.db.query<Row>(sql, [tokenHash]);
    if (!row) return undefined;
    const { token_hash, account_id, started_at, last_seen_at } = row;
    return { tokenHash: token_hash, accountId: account_id, startedAt: started_at, lastSeenAt: last_seen_at };
  }

  override async touch(tokenHash: Buffer, now: Date): Promise<void> {
    // Two requests at once may come in any order; being seen never goes back.
    const sql = 'update session set last_seen_at = greatest(last_seen_at, $2) where token_hash = $1';
    await this.db.query(sql, [tokenHash, now]);
  }

  override async end(tokenHash: Buffer): Promise<void> {
    await this.db.query('delete from session where token_hash = $1', [tokenHash]);
  }

  override async purge(now: Date, { idle, life }: SessionLimits): Promise<number> {
    const sql = 'delete from session where last_seen_at <= $1 or started_at <= $2 returning account_id';
    const gone = await this.db.query(sql, [new Date(now.getTime() - idle), new Date(now.getTime() - life)]);
    return gone.length;
  }
}
