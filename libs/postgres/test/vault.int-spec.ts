import { AppError } from '@parley/errors';
import { Database, MasterKey, PersonVault, rotateMasterKey, type PersonCipher } from '../src/index.js';
import { migration, testServer, until, type TestServer } from './server.js';

const service = {
  name: 'a',
  schema: 'a',
  role: 'parley_a',
  migrations: [migration('Nothing1700000000001', 'select 1')],
};
const key = MasterKey.generate();

describe('PersonVault', () => {
  let server: TestServer;
  let url: string;
  let vault: PersonVault;

  const connect = (masterKey = key): PersonVault =>
    new PersonVault(server.open({ url, schema: 'a', role: 'parley_a' }), MasterKey.fromText(masterKey));
  const openOne = async (from: PersonVault, ...hashes: string[]): Promise<PersonCipher> => {
    const [cipher] = await from.open([hashes]);
    if (!cipher) throw new Error('no cipher');
    return cipher;
  };
  const reason = (work: () => unknown): string => {
    try {
      work();
    } catch (thrown) {
      return AppError.from(thrown).reason;
    }
    return 'none';
  };

  beforeAll(async () => {
    server = await testServer();
    url = await server.freshDatabase([service]);
  });
  beforeEach(() => (vault = connect()));
  afterAll(() => server.close());

  it('gives the same person to every process, whichever identity they ask by', async () => {
    const data = (await openOne(vault, 'p1', 'w1')).encrypt('hello');
    expect((await openOne(connect(), 'w1')).decrypt(data)).toBe('hello');
    expect((await openOne(connect(), 'p1')).personId).toBe((await openOne(vault, 'w1')).personId);
  });

  it('opens a batch in the order asked for, with repetitions', async () => {
    const ciphers = await vault.open([['b1'], ['b2'], ['b1'], ['b3', 'b2']]);
    expect(ciphers.map((c) => c.personId === ciphers[0]?.personId)).toEqual([true, false, true, false]);
    expect(ciphers[3]?.personId).toBe(ciphers[1]?.personId);
  });

  it('ends in one key when many processes create the same person at once', async () => {
    const vaults = Array.from({ length: 8 }, () => connect());
    const groups = Array.from({ length: 20 }, (_, n) => [`race-${n}`, `race-alt-${n}`]);
    const opened = await Promise.all(vaults.map((each, n) => each.open(n % 2 ? groups : groups.toReversed())));
    const byGroup = groups.map((_, n) => opened.map((ciphers, v) => ciphers[v % 2 ? n : groups.length - 1 - n]));
    for (const ciphers of byGroup) {
      expect(new Set(ciphers.map((c) => c?.personId)).size).toBe(1);
      const data = ciphers[0]?.encrypt('x') ?? Buffer.of();
      expect(ciphers.map((c) => c?.decrypt(data))).toEqual(ciphers.map(() => 'x'));
    }
  });

  it("does not open one person's data for another", async () => {
    const data = (await openOne(vault, 'other1')).encrypt('secret');
    const other = await openOne(vault, 'other2');
    expect(reason(() => other.decrypt(data))).toBe('VAULT.KEY_ERASED');
  });

  it('makes data unreadable everywhere by erasing, and starts anew for who comes back', async () => {
    const elsewhere = connect();
    const data = (await openOne(vault, 'e1', 'e2')).encrypt('secret');
    expect((await openOne(elsewhere, 'e2')).decrypt(data)).toBe('secret');
    expect(await vault.erase('e2')).toBe(true);
    expect(await vault.erase('e2')).toBe(false);
    const back = await openOne(vault, 'e1');
    expect(reason(() => back.decrypt(data))).toBe('VAULT.KEY_ERASED');
    expect(back.decrypt(back.encrypt('new'))).toBe('new');
    // Not by its clock running out: the other process is told.
    await until(async () => {
      const there = await openOne(elsewhere, 'e2');
      return reason(() => there.decrypt(data)) === 'VAULT.KEY_ERASED';
    });
  });

  it('erases many at once, and says how many keys each had', async () => {
    await vault.open([['x1', 'x2'], ['x3'], ['x4']]);
    await vault.open([['x1', 'x3']]);
    expect(await vault.identitiesOf(['x2', 'x4', 'nobody'])).toEqual(
      new Map([
        ['x2', ['x1', 'x2', 'x3']],
        ['x4', ['x4']],
      ]),
    );
    expect(await vault.eraseAll(['x2', 'x4', 'nobody'])).toEqual(
      new Map([
        ['x2', 2],
        ['x4', 1],
      ]),
    );
    expect(await vault.eraseAll(['x2', 'x4'])).toEqual(new Map());
    expect(await vault.identitiesOf(['x1', 'x2', 'x3', 'x4'])).toEqual(new Map());
  });

  it('opens those it knows without making anybody', async () => {
    const [cipher] = await vault.open([['known']]);
    const opened = await connect().openKnown(['known', 'unknown', 'known']);
    expect([...opened.keys()]).toEqual(['known']);
    expect(opened.get('known')?.decrypt(cipher!.encrypt('hello'))).toBe('hello');
    expect(await vault.identitiesOf(['unknown'])).toEqual(new Map());
  });

  it('leaves no key in the tables after an erasure', async () => {
    const { personId } = await openOne(vault, 'gone');
    await vault.erase('gone');
    const admin = server.open({ url, schema: 'vault' });
    expect(await admin.query('select 1 from person_key where person_id = $1', [personId])).toEqual([]);
    expect(await admin.query('select 1 from person where id = $1 and erased_at is not null', [personId])).toHaveLength(
      1,
    );
  });

  describe('when two persons turn out to be one', () => {
    it('makes them the older one and reads the data of both', async () => {
      const older = await openOne(vault, 'm1');
      const younger = await openOne(vault, 'm2');
      const data = [older.encrypt('old'), younger.encrypt('young')];
      const merged = await openOne(vault, 'm2', 'm1');
      expect(merged.personId).toBe(older.personId);
      expect(data.map((each) => merged.decrypt(each))).toEqual(['old', 'young']);
      expect((await openOne(connect(), 'm2')).personId).toBe(older.personId);
    });

    it('can be undone, and then stays undone', async () => {
      const first = await openOne(vault, 'u1');
      const second = await openOne(vault, 'u2');
      const data = second.encrypt('mine');
      await openOne(vault, 'u1', 'u2');
      const [merge] = await vault.merges('u2');
      expect(merge).toMatchObject({ personId: second.personId, intoId: first.personId, undoneAt: null });
      expect(await vault.undoMerge(merge?.id ?? 0n)).toBe(true);
      expect(await vault.undoMerge(merge?.id ?? 0n)).toBe(false);
      const again = await openOne(vault, 'u2', 'u1');
      expect(again.personId).toBe(second.personId);
      expect(again.decrypt(data)).toBe('mine');
      expect((await openOne(vault, 'u1')).personId).toBe(first.personId);
    });

    it('erases all keys by any identity', async () => {
      const one = (await openOne(vault, 'k1')).encrypt('1');
      const two = (await openOne(vault, 'k2')).encrypt('2');
      await openOne(vault, 'k1', 'k2');
      await vault.erase('k2');
      const back = await openOne(vault, 'k1', 'k2');
      expect([one, two].map((data) => reason(() => back.decrypt(data)))).toEqual(Array(2).fill('VAULT.KEY_ERASED'));
    });

    it('merges the same pair once when both sides do it at the same time', async () => {
      await vault.open([['s1'], ['s2'], ['s3']]);
      const groups = [
        ['s1', 's2'],
        ['s2', 's3'],
        ['s3', 's1'],
        ['s2', 's1'],
      ];
      const opened = await Promise.all(groups.map((hashes) => openOne(connect(), ...hashes)));
      const { personId } = await openOne(connect(), 's1', 's2', 's3');
      expect(opened.every((cipher) => cipher.decrypt(cipher.encrypt('x')) === 'x')).toBe(true);
      for (const hash of ['s1', 's2', 's3']) expect((await openOne(connect(), hash)).personId).toBe(personId);
      expect(await vault.merges('s1')).toHaveLength(2);
    });
  });

  it('refuses a database of another master key before it makes anybody', async () => {
    await openOne(vault, 'first');
    await expect(connect(MasterKey.generate()).open([['second']])).rejects.toMatchObject({
      reason: 'VAULT.WRONG_MASTER_KEY',
    });
  });

  it('rotates the master key: everything stays readable, the old key is needed for look-ups only', async () => {
    const fresh = await server.freshDatabase([service]);
    const at = (text: string): PersonVault =>
      new PersonVault(server.open({ url: fresh, schema: 'a', role: 'parley_a' }), MasterKey.fromText(text));
    const middle = MasterKey.generate();
    const newest = MasterKey.generate();
    const data = (await openOne(at(`${middle},${key}`), 'r1')).encrypt('kept');
    const admin: Database = server.open({ url: fresh, schema: 'vault' });
    expect(await rotateMasterKey(admin, MasterKey.fromText(`${newest},${middle},${key}`))).toBe(1);
    expect(await rotateMasterKey(admin, MasterKey.fromText(`${newest},${middle},${key}`))).toBe(0);
    expect((await openOne(at(`${newest},${key}`), 'r1')).decrypt(data)).toBe('kept');
    await expect(at(`${middle},${key}`).open([['r1']])).rejects.toMatchObject({ reason: 'VAULT.MASTER_KEY_MISSING' });
  });
});
