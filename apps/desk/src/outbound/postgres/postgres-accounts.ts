import { lockKey, type Database } from '@parley/postgres';
import type { Account } from '../../domain/account.js';
import { Accounts, type StoredAccount } from '../../ports/accounts.port.js';

interface Row {
  id: string;
  name: string;
  email: string;
  password_hash: string;
}

const FIRST = lockKey('desk.first-account');

/** Accounts in Postgres. */
export class PostgresAccounts extends Accounts {
  constructor(private readonly db: Database) {
    super();
  }

  override async findByEmail(email: string): Promise<StoredAccount | undefined> {
    const sql = 'select id, name, email, password_hash from account where email = $1';
    const [row] = await this.db.query<Row>(sql, [email]);
    return row && { id: row.id, name: row.name, email: row.email, passwordHash: row.password_hash };
  }

  override findByIds(ids: readonly string[]): Promise<Account[]> {
    // Text, not uuid: an agent id from elsewhere may be anything, and is then nobody's.
    return this.db.query<Account>('select id, name, email from account where id::text = any($1::text[])', [ids]);
  }

  override addFirst({ id, name, email, passwordHash }: StoredAccount): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      // Two processes that start at once both see an empty table; the lock makes one of them look again.
      await tx.query('select pg_advisory_xact_lock($1)', [FIRST]);
      const sql = `insert into account (id, name, email, password_hash)
        select $1, $2, $3, $4 where not exists (select 1 from account) returning id`;
      return (await tx.query(sql, [id, name, email, passwordHash])).length === 1;
    });
  }

  override async setPassword(accountId: string, passwordHash: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const sql = 'update account set password_hash = $2, password_changed_at = clock_timestamp() where id = $1';
      await tx.query(sql, [accountId, passwordHash]);
      await tx.query('delete from session where account_id = $1', [accountId]);
    });
  }
}
