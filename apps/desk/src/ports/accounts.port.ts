import type { Account } from '../domain/account.js';

/** An account with what its password is checked against. */
export interface StoredAccount extends Account {
  passwordHash: string;
}

/** Who may sign in. */
export abstract class Accounts {
  /** The address must be normalised. */
  abstract findByEmail(email: string): Promise<StoredAccount | undefined>;

  /** Those that exist, in no order. */
  abstract findByIds(ids: readonly string[]): Promise<Account[]>;

  /** Adds an account only if there is none at all; says whether it did. Of several callers at once, one does. */
  abstract addFirst(account: StoredAccount): Promise<boolean>;

  /** Replaces the password and ends every session of the account, both or neither. */
  abstract setPassword(accountId: string, passwordHash: string): Promise<void>;
}
