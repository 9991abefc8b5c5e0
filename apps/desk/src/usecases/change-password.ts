import { passwordProblem, type Account } from '../domain/account.js';
import { weakPassword, wrongPassword } from '../domain/errors.js';
import type { Accounts } from '../ports/accounts.port.js';
import type { Passwords } from '../ports/passwords.port.js';

/** An agent chooses another password. Every session of the account ends, this one too. */
export class ChangePassword {
  constructor(
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
  ) {}

  /** @throws AppError PERMISSION_DENIED `ACCOUNT.WRONG_PASSWORD`; INVALID_ARGUMENT `ACCOUNT.WEAK_PASSWORD` */
  async run({ id, email }: Account, current: string, next: string): Promise<void> {
    const problem = passwordProblem(next, email);
    if (problem) throw weakPassword(problem);
    const stored = await this.accounts.findByEmail(email);
    if (!(await this.passwords.verify(current, stored?.passwordHash))) throw wrongPassword();
    await this.accounts.setPassword(id, await this.passwords.hash(next));
  }
}
