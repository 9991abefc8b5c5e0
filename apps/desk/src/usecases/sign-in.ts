import { passing } from '@parley/resilience';
import { normaliseEmail, type Account } from '../domain/account.js';
import { signInRefused, tooManySignIns } from '../domain/errors.js';
import { hashOfToken, newToken } from '../domain/session.js';
import { limitsOf, THROTTLE_WINDOW_MS, type Limit } from '../domain/throttle.js';
import type { Accounts } from '../ports/accounts.port.js';
import type { Attempts } from '../ports/attempts.port.js';
import type { Clock } from '../ports/clock.port.js';
import type { Passwords } from '../ports/passwords.port.js';
import type { Sessions } from '../ports/sessions.port.js';

/** What somebody typed, and from where. */
export interface Credentials {
  email: string;
  password: string;
  address: string;
}

/** Whoever signed in, and the token of the new session: the only time it is seen. */
export interface SignedIn {
  account: Account;
  token: string;
}

/** An agent signs in. Whatever is wrong, the answer and the work behind it are the same. */
export class SignIn {
  constructor(
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly attempts: Attempts,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError UNAUTHENTICATED `SESSION.SIGN_IN_REFUSED`; RESOURCE_EXHAUSTED `SESSION.TOO_MANY_ATTEMPTS` */
  async run({ email: typed, password, address }: Credentials): Promise<SignedIn> {
    const email = normaliseEmail(typed);
    const limits = limitsOf(email, address);
    await this.countAttempt(limits);
    const stored = await this.accounts.findByEmail(email);
    const right = await this.passwords.verify(password, stored?.passwordHash);
    if (!stored || !right) throw signInRefused();
    await this.uncount(limits);
    const token = await this.startSession(stored.id);
    return { account: { id: stored.id, name: stored.name, email: stored.email }, token };
  }

  /** Counts before the password is looked at: attempts made at the same moment cannot all slip through. */
  private async countAttempt(limits: Limit[]): Promise<void> {
    const now = this.clock.now();
    const keys = limits.map(({ key }) => key);
    const tried = await this.attempts.take(keys, now, THROTTLE_WINDOW_MS);
    const most = new Map(limits.map((limit) => [limit.key, limit.most]));
    const over = tried.filter(({ key, count }) => count > (most.get(key) ?? 0));
    if (over.length === 0) return;
    const until = Math.max(...over.map(({ began }) => began.getTime() + THROTTLE_WINDOW_MS));
    throw tooManySignIns(Math.max(1, Math.ceil((until - now.getTime()) / 1000)));
  }

  /** A right password makes the mistakes before it harmless, but only those made from the same address. */
  private async uncount([both, ...wider]: Limit[]): Promise<void> {
    if (both) await this.attempts.forget([both.key]);
    await this.attempts.giveBack(wider.map(({ key }) => key));
  }

  private async startSession(accountId: string): Promise<string> {
    const token = newToken();
    const now = this.clock.now();
    const tokenHash = hashOfToken(token);
    if (!tokenHash) throw new TypeError('A new token has the wrong shape.');
    await this.sessions.start({ tokenHash, accountId, startedAt: now, lastSeenAt: now });
    await passing('desk.session.started');
    return token;
  }
}
