import { AppError } from '@parley/errors';
import { mayProvision, MasterKey, provision, Vault, type DatabaseOptions } from '../src/index.js';
import { migration, testServer, type TestServer } from './server.js';

const master = MasterKey.generate();
const serviceOf = (schema: string) => ({
  name: schema,
  schema,
  role: `parley_${schema}`,
  migrations: [migration('Nothing1700000000001', 'select 1')],
});
const reason = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (thrown: unknown) => AppError.from(thrown).reason,
  );

describe('Vault', () => {
  let server: TestServer;
  let shared: string;
  let apart: string;
  const at = (url: string, role: string, key = master): Vault => {
    const options: Partial<DatabaseOptions> & { url: string } = { url, schema: 'vault', role };
    return new Vault(server.open(options), MasterKey.fromText(key));
  };

  beforeAll(async () => {
    server = await testServer();
    [shared, apart] = [await server.freshDatabase(), await server.freshDatabase()];
    await provision(shared, [serviceOf('a')], { guests: [{ role: 'parley_b_keys' }] });
    await provision(apart, [serviceOf('b')], { vault: false });
  });
  afterAll(() => server.close());

  it('is one for the service that lives beside it and for the guest: same id, same persons', async () => {
    const [resident, guest] = [at(shared, 'parley_a'), at(shared, 'parley_b_keys')];
    expect(await guest.id()).toBe(await resident.id());
    const [[mine], [yours]] = [await resident.persons.open([['p']]), await guest.persons.open([['p']])];
    expect(yours?.decrypt(mine?.encrypt('hello') ?? Buffer.of())).toBe('hello');
    await expect(guest.check()).resolves.toBeUndefined();
  });

  it('lets a guest touch keys through its functions only, and no tables of others', async () => {
    const { database } = at(shared, 'parley_b_keys');
    for (const table of ['vault.person_key', 'vault.topic_key', 'vault.vault_name', 'a.migrations']) {
      await expect(database.query(`select * from ${table}`)).rejects.toMatchObject({ details: { sqlstate: '42501' } });
    }
  });

  it('is missed, with what to do, in a database that was made without keys', async () => {
    const vault = at(apart, 'parley_b');
    expect(await reason(vault.id())).toBe('VAULT.MISSING');
    await expect(vault.check()).rejects.toThrow(/VAULT_DATABASE_URL/);
  });

  it('has another id in every database, and none for another master key', async () => {
    const other = await server.freshDatabase([serviceOf('a')]);
    expect(await at(other, 'parley_a').id()).not.toBe(await at(shared, 'parley_a').id());
    expect(await reason(at(shared, 'parley_a', MasterKey.generate()).id())).toBe('VAULT.WRONG_MASTER_KEY');
  });

  it('tells an administrator from a role, and that a server is away', async () => {
    await provision(apart, [{ ...serviceOf('b'), password: 'b' }], { vault: false });
    const role = Object.assign(new URL(apart), { username: 'parley_b', password: 'b' }).href;
    expect([await mayProvision(apart), await mayProvision(role)]).toEqual([true, false]);
    expect(await reason(mayProvision('postgres://a@127.0.0.1:1/x'))).toBe('POSTGRES.UNAVAILABLE');
  });
});
