import { jest } from '@jest/globals';
import { loadConfig } from '@parley/config';
import { busSchema } from '@parley/event-bus';
import { Database, provision, type ServiceSchema } from '@parley/postgres';
import { eventually, freePort, testDatabase, type TestDatabase } from '@parley/testing';
import { Lifecycle, listenSettings, openVault, vaultSettings, type Running } from '../src/index.js';

jest.setTimeout(60_000);

const STOCK: ServiceSchema = { name: 'stock', schema: 'stock', role: 'parley_stock', migrations: [] };
const KEY = Buffer.alloc(32, 5).toString('base64');

describe('a service that has its keys from another database', () => {
  let own: TestDatabase;
  let lonely: TestDatabase;
  let keys: Database;
  const opened: Running[] = [];
  const urlOf = (name: string, login: Partial<Pick<URL, 'username' | 'password'>> = {}): string =>
    Object.assign(new URL(own.adminUrl), { pathname: `/${name}`, ...login }).href;
  const names = { keys: '', others: '' };

  /** The service's own way of starting. */
  async function start(
    database: Database,
    vaultUrl?: string,
  ): Promise<{ ready: Promise<Running>; checks(): Promise<unknown> }> {
    const port = await freePort();
    const env = {
      OPS_PORT_BASE: String(port),
      LOG_LEVEL: 'silent',
      PARLEY_MASTER_KEY: KEY,
      VAULT_DATABASE_URL: vaultUrl,
    };
    const config = loadConfig({ ...listenSettings(0), ...vaultSettings }, env);
    const checks = async (): Promise<unknown> => (await fetch(`http://127.0.0.1:${port}/health/ready`)).json();
    const ready = Lifecycle.start({ name: 'stock', portOffset: 0, config }, async (life) => {
      opened.push(life);
      await openVault(life, config, database);
    });
    return { ready, checks };
  }

  beforeAll(async () => {
    own = await testDatabase();
    keys = own.database('public');
    const suffix = own.adminUrl.split('/').at(-1) ?? '';
    Object.assign(names, { keys: `keys_${suffix}`, others: `others_${suffix}` });
    await provision(own.adminUrl, [busSchema, STOCK], { vault: false });
    lonely = await testDatabase();
    for (const name of Object.values(names)) {
      await keys.query(`create database ${name}`);
      await provision(urlOf(name), [], { guests: [{ role: 'parley_stock_keys', password: 'k' }] });
    }
  });
  afterAll(async () => {
    for (const running of opened) await running.close();
    for (const name of Object.values(names)) await keys.query(`drop database if exists ${name} with (force)`);
    await lonely.close();
    await own.close();
  });

  const login = { username: 'parley_stock_keys', password: 'k' };

  it('is ready with them, and closes its connections to them', async () => {
    const { ready, checks } = await start(own.database('stock'), urlOf(names.keys, login));
    const running = await ready;
    expect(await checks()).toEqual({ status: 'ok', checks: { started: 'ok', vault: 'ok' } });
    const connections = `select 1 from pg_stat_activity where application_name = 'stock-vault'`;
    expect(await keys.query(connections)).not.toEqual([]);
    await running.close();
    await eventually(async () => expect(await keys.query(connections)).toEqual([]));
  });

  it('refuses to start with the keys of another vault, since what it has would look erased', async () => {
    const { ready } = await start(own.database('stock'), urlOf(names.others, login));
    await expect(ready).rejects.toMatchObject({ reason: 'VAULT.OTHER_VAULT' });
  });

  it('waits, and says in its readiness what is missing, until keys are made where it looks for them', async () => {
    const database = lonely.database('stock');
    await database.query('drop schema vault cascade');
    const { ready, checks } = await start(database);
    await eventually(async () =>
      expect(await checks()).toMatchObject({ status: 'failing', checks: { vault: 'VAULT.MISSING' } }),
    );
    await lonely.provision([busSchema, STOCK]);
    await ready;
    expect(await checks()).toMatchObject({ status: 'ok' });
  });
});
