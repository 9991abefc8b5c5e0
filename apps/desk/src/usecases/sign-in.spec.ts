import { FakeClock } from '@parley/testing';
import {
  InMemoryAccounts,
  InMemoryAttempts,
  InMemoryPasswords,
  InMemorySessions,
} from '../outbound/in-memory/in-memory-people.js';
import { ChangePassword } from './change-password.js';
import { CheckSession } from './check-session.js';
import { EnsureFirstAccount } from './ensure-first-account.js';
import { SignIn } from './sign-in.js';

const MINUTE = 60_000;
const EMAIL = 'ana@example.com';
const PASSWORD = 'a long enough password';
const LIMITS = { idle: 60 * MINUTE, life: 720 * MINUTE };

async function desk() {
  const clock = new FakeClock();
  const sessions = new InMemorySessions();
  const accounts = new InMemoryAccounts(sessions);
  const passwords = new InMemoryPasswords();
  await new EnsureFirstAccount(accounts, passwords).run(EMAIL, PASSWORD);
  const signIn = new SignIn(accounts, sessions, new InMemoryAttempts(), passwords, clock);
  const attempt = (password: string, address = '10.0.0.1', email = EMAIL) => signIn.run({ email, password, address });
  const wrong = async (times: number, address?: string, email?: string): Promise<string[]> => {
    const reasons: string[] = [];
    for (let time = 0; time < times; time++) {
      await attempt('wrong', address, email).catch(({ reason }: { reason: string }) => reasons.push(reason));
    }
    return reasons;
  };
  const check = new CheckSession(accounts, sessions, clock, LIMITS);
  return {
    clock,
    accounts,
    sessions,
    passwords,
    attempt,
    wrong,
    check,
    change: new ChangePassword(accounts, passwords),
  };
}

const REFUSED = { code: 'UNAUTHENTICATED', reason: 'SESSION.SIGN_IN_REFUSED' };
const TOO_MANY = { code: 'RESOURCE_EXHAUSTED', reason: 'SESSION.TOO_MANY_ATTEMPTS' };

describe('SignIn', () => {
  it('gives a token that is the account from then on', async () => {
    const { attempt, check } = await desk();
    const { token, account } = await attempt(PASSWORD, undefined, ' ANA@example.com');
    expect(account).toEqual({ id: account.id, name: 'Ana', email: EMAIL });
    expect(await check.run(token)).toEqual(account);
  });

  it('answers the same for a wrong password and an unknown account', async () => {
    const { attempt } = await desk();
    const errors = await Promise.all([
      attempt('wrong').catch((error: unknown) => error),
      attempt(PASSWORD, '10.0.0.1', 'nobody@example.com').catch((error: unknown) => error),
    ]);
    expect(errors).toEqual([expect.objectContaining(REFUSED), expect.objectContaining(REFUSED)]);
    expect((errors[0] as Error).message).toBe((errors[1] as Error).message);
  });

  it('refuses the seventh attempt, right or wrong, and says when to come back', async () => {
    const { attempt, wrong, clock } = await desk();
    expect(await wrong(6)).toEqual(Array(6).fill(REFUSED.reason));
    clock.advance(5 * MINUTE);
    await expect(attempt(PASSWORD)).rejects.toMatchObject({ ...TOO_MANY, details: { retryAfter: '600' } });
    clock.advance(10 * MINUTE);
    await expect(attempt(PASSWORD)).resolves.toBeDefined();
  });

  it('refuses an unknown account just as soon', async () => {
    const { wrong } = await desk();
    const reasons = await wrong(7, '10.0.0.1', 'nobody@example.com');
    expect(reasons).toEqual([...Array<string>(6).fill(REFUSED.reason), TOO_MANY.reason]);
  });

  it("does not lock an agent out by a stranger's guesses from elsewhere", async () => {
    const { attempt, wrong } = await desk();
    await wrong(10, '10.6.6.6');
    await expect(attempt(PASSWORD, '10.0.0.1')).resolves.toBeDefined();
  });

  it('stops guesses at one account from many addresses', async () => {
    const { attempt, wrong } = await desk();
    for (let address = 0; address < 40; address++) await wrong(1, `10.9.0.${address}`);
    await expect(attempt(PASSWORD, '10.9.1.1')).rejects.toMatchObject(TOO_MANY);
  });

  it('stops one address that goes through many accounts', async () => {
    const { attempt, wrong } = await desk();
    for (let account = 0; account < 100; account++) await wrong(1, '10.7.7.7', `guess${account}@example.com`);
    await expect(attempt(PASSWORD, '10.7.7.7')).rejects.toMatchObject(TOO_MANY);
    await expect(attempt(PASSWORD, '10.0.0.1')).resolves.toBeDefined();
  });

  it('lets a whole office in through one address', async () => {
    const { attempt } = await desk();
    for (let agent = 0; agent < 150; agent++) await expect(attempt(PASSWORD)).resolves.toBeDefined();
  });

  it('counts attempts made at the same moment', async () => {
    const { attempt } = await desk();
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => attempt('wrong')));
    const reasons = outcomes.map(
      (outcome) => outcome.status === 'rejected' && (outcome.reason as typeof REFUSED).reason,
    );
    expect(reasons.filter((reason) => reason === REFUSED.reason)).toHaveLength(6);
  });
});

describe('a session', () => {
  it('ends when it is idle, and when its life is over', async () => {
    const { attempt, check, clock } = await desk();
    const { token } = await attempt(PASSWORD);
    for (let hour = 0; hour < 12; hour++) {
      await check.run(token);
      clock.advance(59 * MINUTE);
    }
    clock.advance(12 * MINUTE);
    await expect(check.run(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED', reason: 'SESSION.MISSING' });
    const other = (await attempt(PASSWORD)).token;
    clock.advance(60 * MINUTE);
    await expect(check.run(other)).rejects.toMatchObject({ reason: 'SESSION.MISSING' });
  });

  it('is not kept alive by looking quietly', async () => {
    const { attempt, check, clock } = await desk();
    const { token } = await attempt(PASSWORD);
    clock.advance(40 * MINUTE);
    await check.run(token, true);
    clock.advance(20 * MINUTE);
    await expect(check.run(token)).rejects.toMatchObject({ reason: 'SESSION.MISSING' });
  });

  it('ends by signing out, and no other with it', async () => {
    const { attempt, check } = await desk();
    const [one, other] = [await attempt(PASSWORD), await attempt(PASSWORD)];
    await check.end(one.token);
    await expect(check.run(one.token)).rejects.toMatchObject({ reason: 'SESSION.MISSING' });
    await expect(check.run(other.token)).resolves.toBeDefined();
  });

  it('ends with all others when the password changes', async () => {
    const { attempt, check, change } = await desk();
    const [one, other] = [await attempt(PASSWORD), await attempt(PASSWORD)];
    await expect(change.run(one.account, 'wrong', 'another long password')).rejects.toMatchObject({
      reason: 'ACCOUNT.WRONG_PASSWORD',
    });
    await expect(change.run(one.account, PASSWORD, 'short')).rejects.toMatchObject({ reason: 'ACCOUNT.WEAK_PASSWORD' });
    await change.run(one.account, PASSWORD, 'another long password');
    for (const { token } of [one, other]) {
      await expect(check.run(token)).rejects.toMatchObject({ reason: 'SESSION.MISSING' });
    }
    await expect(attempt(PASSWORD)).rejects.toMatchObject(REFUSED);
    await expect(attempt('another long password')).resolves.toBeDefined();
  });
});

describe('EnsureFirstAccount', () => {
  it('makes one only where there is none', async () => {
    const { accounts, passwords, attempt } = await desk();
    const ensure = new EnsureFirstAccount(accounts, passwords);
    expect(await ensure.run(EMAIL, 'changed in the settings')).toBe(false);
    expect(await ensure.run('other@example.com', PASSWORD)).toBe(false);
    await expect(attempt(PASSWORD)).resolves.toBeDefined();
  });
});
