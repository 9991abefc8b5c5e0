import { randomUUID } from 'node:crypto';
import { nameFromEmail, normaliseEmail } from '../domain/account.js';
import type { Accounts } from '../ports/accounts.port.js';
import type { Passwords } from '../ports/passwords.port.js';

/** Makes the first account of an installation. Later changes of the settings change nothing: the account is its owner's. */
export class EnsureFirstAccount {
  constructor(
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
  ) {}

  /** Says whether it made one. */
  async run(typedEmail: string, password: string): Promise<boolean> {
    const email = normaliseEmail(typedEmail);
    if (await this.accounts.findByEmail(email)) return false;
    const passwordHash = await this.passwords.hash(password);
    return this.accounts.addFirst({ id: randomUUID(), name: nameFromEmail(email), email, passwordHash });
  }
}
