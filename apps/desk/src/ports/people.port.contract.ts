import { randomBytes, randomUUID } from 'node:crypto';
import type { Accounts, StoredAccount } from './accounts.port.js';
import type { Attempts } from './attempts.port.js';
import type { Sessions } from './sessions.port.js';

/** Where people are kept, empty at the start of the suite. */
export interface PeopleSubject {
  accounts: Accounts;
  sessions: Sessions;
  attempts: Attempts;
}

const NOW = new Date('2026-11-23T09:00:00Z');
const later = (ms: number): Date => new Date(NOW.getTime() + ms);
const LIMITS = { idle: 60_000, life: 600_000 };

/** What accounts, sessions and attempts promise. They are one suite since a change of password concerns two of them. */
export function describePeople(name: string, subject: () => PeopleSubject): void {
  const ana: StoredAccount = { id: randomUUID(), name: 'Ana', email: 'ana@example.com', passwordHash: 'hash-1' };
  const session = (over: { startedAt?: Date; lastSeenAt?: Date } = {}) => {
    return { tokenHash: randomBytes(32), accountId: ana.id, startedAt: NOW, lastSeenAt: NOW, ...over };
  };

  describe(`${name} as accounts`, () => {
    it('takes one first account, of several that come at once', async () => {
      const { accounts } = subject();
      const others = [1, 2, 3].map((n) => ({ ...ana, id: randomUUID(), email: `other${n}@example.com` }));
      expect(await accounts.addFirst(ana)).toBe(true);
      expect(await Promise.all(others.map((other) => accounts.addFirst(other)))).toEqual([false, false, false]);
    });

    it('finds by address and by id', async () => {
      const { accounts } = subject();
      expect(await accounts.findByEmail(ana.email)).toEqual(ana);
      expect(await accounts.findByEmail('nobody@example.com')).toBeUndefined();
      const found = await accounts.findByIds([ana.id, randomUUID(), 'not-even-a-uuid']);
      expect(found).toEqual([{ id: ana.id, name: ana.name, email: ana.email }]);
    });

    it('ends every session when the password changes', async () => {
      const { accounts, sessions } = subject();
      const open = [session(), session()];
      for (const each of open) await sessions.start(each);
      await accounts.setPassword(ana.id, 'hash-2');
      expect((await accounts.findByEmail(ana.email))?.passwordHash).toBe('hash-2');
      for (const { tokenHash } of open) expect(await sessions.find(tokenHash)).toBeUndefined();
    });
  });

  describe(`${name} as sessions`, () => {
    it('finds what was started, and only that', async () => {
      const { sessions } = subject();
      const one = session();
      await sessions.start(one);
      expect(await sessions.find(one.tokenHash)).toEqual(one);
      expect(await sessions.find(randomBytes(32))).toBeUndefined();
    });

    it('is seen later, never earlier', async () => {
      const { sessions } = subject();
      const one = session();
      await sessions.start(one);
      await sessions.touch(one.tokenHash, later(5000));
      await sessions.touch(one.tokenHash, later(1000));
      expect((await sessions.find(one.tokenHash))?.lastSeenAt).toEqual(later(5000));
      await sessions.touch(randomBytes(32), NOW);
    });

    it('ends one, and nothing twice', async () => {
      const { sessions } = subject();
      const [one, other] = [session(), session()];
      await sessions.start(one);
      await sessions.start(other);
      await sessions.end(one.tokenHash);
      await sessions.end(one.tokenHash);
      expect(await sessions.find(one.tokenHash)).toBeUndefined();
      expect(await sessions.find(other.tokenHash)).toEqual(other);
    });

    it('removes what is over', async () => {
      const { sessions } = subject();
      await sessions.purge(later(1e9), LIMITS);
      const idle = session({ startedAt: NOW, lastSeenAt: NOW });
      const old = session({ startedAt: later(-540_000), lastSeenAt: later(59_000) });
      const alive = session({ startedAt: later(1000), lastSeenAt: later(1000) });
      for (const each of [idle, old, alive]) await sessions.start(each);
      expect(await sessions.purge(later(60_000), LIMITS)).toBe(2);
      expect(await sessions.find(alive.tokenHash)).toEqual(alive);
    });
  });

  describe(`${name} as attempts`, () => {
    const counts = async (keys: string[], at = NOW): Promise<number[]> => {
      const tried = await subject().attempts.take(keys, at, 60_000);
      return keys.map((key) => tried.find((one) => one.key === key)?.count ?? 0);
    };

    it('counts each key, and says when its window began', async () => {
      expect(await counts(['a', 'b'])).toEqual([1, 1]);
      expect(await counts(['b', 'a'], later(59_999))).toEqual([2, 2]);
      const [tried] = await subject().attempts.take(['a'], later(59_999), 60_000);
      expect(tried).toEqual({ key: 'a', count: 3, began: NOW });
    });

    it('begins anew when the window is over', async () => {
      await counts(['c', 'c2']);
      expect(await counts(['c'], later(60_000))).toEqual([1]);
      expect(await counts(['c'], later(61_000))).toEqual([2]);
    });

    it('loses none of those that come at once, in any order', async () => {
      const rounds = Array.from({ length: 20 }, (_, round) => counts(round % 2 ? ['d', 'e'] : ['e', 'd']));
      const seen = (await Promise.all(rounds)).map((both, round) => both[round % 2 ? 0 : 1]);
      expect(seen.sort((a = 0, b = 0) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    });

    it('gives back and forgets', async () => {
      await counts(['f', 'g']);
      await counts(['f', 'g']);
      await subject().attempts.giveBack(['f']);
      await subject().attempts.forget(['g']);
      expect(await counts(['f', 'g'])).toEqual([2, 1]);
      await subject().attempts.giveBack(['never-seen']);
    });

    it('removes windows that are over', async () => {
      await counts(['h'], later(-120_000));
      await counts(['i']);
      await subject().attempts.purge(later(-60_000));
      expect(await counts(['h', 'i'], later(-119_000))).toEqual([1, 2]);
    });
  });
}
