import type { Account } from '../../domain/account.js';
import { isAlive, type Session, type SessionLimits } from '../../domain/session.js';
import { Accounts, type StoredAccount } from '../../ports/accounts.port.js';
import { Attempts, type Tried } from '../../ports/attempts.port.js';
import { Passwords } from '../../ports/passwords.port.js';
import { Sessions } from '../../ports/sessions.port.js';

/** Sessions of this process. */
export class InMemorySessions extends Sessions {
  private readonly byHash = new Map<string, Session>();

  override async start(session: Session): Promise<void> {
    this.byHash.set(session.tokenHash.toString('hex'), session);
  }

  override async find(tokenHash: Buffer): Promise<Session | undefined> {
    return this.byHash.get(tokenHash.toString('hex'));
  }

  override async touch(tokenHash: Buffer, now: Date): Promise<void> {
    const session = await this.find(tokenHash);
    if (session && session.lastSeenAt < now) await this.start({ ...session, lastSeenAt: now });
  }

  override async end(tokenHash: Buffer): Promise<void> {
    this.byHash.delete(tokenHash.toString('hex'));
  }

  override async purge(now: Date, limits: SessionLimits): Promise<number> {
    const dead = [...this.byHash].filter(([, session]) => !isAlive(session, now, limits));
    for (const [hash] of dead) this.byHash.delete(hash);
    return dead.length;
  }

  endAllOf(accountId: string): void {
    for (const [hash, session] of this.byHash) if (session.accountId === accountId) this.byHash.delete(hash);
  }
}

/** Accounts of this process. */
export class InMemoryAccounts extends Accounts {
  private readonly byEmail = new Map<string, StoredAccount>();

  constructor(private readonly sessions: InMemorySessions) {
    super();
  }

  override async findByEmail(email: string): Promise<StoredAccount | undefined> {
    return this.byEmail.get(email);
  }

  override async findByIds(ids: readonly string[]): Promise<Account[]> {
    const found = [...this.byEmail.values()].filter(({ id }) => ids.includes(id));
    return found.map(({ id, name, email }) => ({ id, name, email }));
  }

  override async addFirst(account: StoredAccount): Promise<boolean> {
    if (this.byEmail.size > 0) return false;
    this.add(account);
    return true;
  }

  override async setPassword(accountId: string, passwordHash: string): Promise<void> {
    const account = [...this.byEmail.values()].find(({ id }) => id === accountId);
    if (account) this.add({ ...account, passwordHash });
    this.sessions.endAllOf(accountId);
  }

  add(account: StoredAccount): void {
    this.byEmail.set(account.email, account);
  }
}

/** Attempts of this process. */
export class InMemoryAttempts extends Attempts {
  private readonly byKey = new Map<string, Tried>();

  override async take(keys: readonly string[], now: Date, windowMs: number): Promise<Tried[]> {
    return keys.map((key) => {
      const known = this.byKey.get(key);
      const over = !known || known.began.getTime() <= now.getTime() - windowMs;
      const tried = over ? { key, count: 1, began: now } : { ...known, count: known.count + 1 };
      this.byKey.set(key, tried);
      return tried;
    });
  }

  override async giveBack(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const known = this.byKey.get(key);
      if (known) this.byKey.set(key, { ...known, count: Math.max(known.count - 1, 0) });
    }
  }

  override async forget(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.byKey.delete(key);
  }

  override async purge(before: Date): Promise<void> {
    for (const [key, { began }] of this.byKey) if (began < before) this.byKey.delete(key);
  }
}

/** Passwords that are not hidden at all: fast, and for tests only. */
export class InMemoryPasswords extends Passwords {
  override async hash(password: string): Promise<string> {
    return `plain:${password}`;
  }

  override async verify(password: string, hash: string | undefined): Promise<boolean> {
    return hash === `plain:${password}`;
  }
}
