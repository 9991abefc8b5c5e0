import type { Account } from '../domain/account.js';
import { sessionMissing } from '../domain/errors.js';
import { hashOfToken, isAlive, needsTouch, type SessionLimits } from '../domain/session.js';
import type { Accounts } from '../ports/accounts.port.js';
import type { Clock } from '../ports/clock.port.js';
import type { Sessions } from '../ports/sessions.port.js';

/** Says whose session a token is, and ends sessions. */
export class CheckSession {
  constructor(
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly clock: Clock,
    private readonly limits: SessionLimits,
  ) {}

  /**
   * The account behind a token. Counts as use of the session unless `quietly`.
   * @throws AppError UNAUTHENTICATED `SESSION.MISSING`
   */
  async run(token: string, quietly = false): Promise<Account> {
    const hash = hashOfToken(token);
    const session = hash && (await this.sessions.find(hash));
    const now = this.clock.now();
    if (!session || !isAlive(session, now, this.limits)) throw sessionMissing();
    const [account] = await this.accounts.findByIds([session.accountId]);
    if (!account) throw sessionMissing();
    if (!quietly && needsTouch(session, now)) await this.sessions.touch(session.tokenHash, now);
    return account;
  }

  /** Ends the session of a token, if there is one. */
  async end(token: string): Promise<void> {
    const hash = hashOfToken(token);
    if (hash) await this.sessions.end(hash);
  }

  /** Removes sessions that are over. */
  async purge(): Promise<void> {
    await this.sessions.purge(this.clock.now(), this.limits);
  }
}
