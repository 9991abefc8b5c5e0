import { loadConfig } from '@parley/config';
import { databaseOptions, databaseSettings, vaultSettings } from './index.js';

const schema = { ...databaseSettings('stock'), ...vaultSettings };
const KEY = { PARLEY_MASTER_KEY_FILE: '/key' };

describe('the settings every service has', () => {
  it('want a database and a master key, each in one of two ways', () => {
    const load = (): unknown => loadConfig(schema, {});
    expect(load).toThrow(/STOCK_DATABASE_URL: must be set, or else DATABASE_URL.*\n.*PARLEY_MASTER_KEY:/s);
    expect(() => loadConfig(schema, { ...KEY, STOCK_DATABASE_URL: 'postgres://h/p' })).not.toThrow();
  });

  it('say at once what is no database and no key, and no value', () => {
    const load = (): unknown =>
      loadConfig(schema, {
        STOCK_DATABASE_URL: 'hunter1',
        DATABASE_URL: 'http://hunter2/p',
        PARLEY_MASTER_KEY: 'hunter3',
      });
    expect(load).toThrow(
      /STOCK_DATABASE_URL: must be.*\n.*DATABASE_URL: must be.*\n.*PARLEY_MASTER_KEY: must be 32 bytes/,
    );
    expect(load).not.toThrow(/hunter/);
    const key = Buffer.alloc(32, 7).toString('base64');
    for (const good of [key, `${key},${'0f'.repeat(32)}`]) {
      expect(() => loadConfig(schema, { DATABASE_URL: 'postgresql://h/p', PARLEY_MASTER_KEY: good })).not.toThrow();
    }
    expect(() => loadConfig(schema, { DATABASE_URL: 'postgres://h/p', PARLEY_MASTER_KEY: `${key},` })).toThrow(
      /32 bytes/,
    );
    const file = { ...KEY, DATABASE_URL: 'postgres://h/p', PARLEY_MASTER_KEY: 'not read' };
    expect(() => loadConfig(schema, file)).not.toThrow();
  });

  it('want TLS to databases on other hosts in production, or to be told that the network is trusted', () => {
    const NODE_ENV = 'production';
    const load = (env: Record<string, string>): unknown => loadConfig(schema, { ...KEY, NODE_ENV, ...env });
    const [plain, secure] = ['postgres://u:hunter@db/p', 'postgres://u@db/p?sslmode=verify-full'];
    const names = ['STOCK_DATABASE_URL', 'DATABASE_URL', 'VAULT_DATABASE_URL'];
    for (const name of names) {
      const wrong = (): unknown => load({ DATABASE_URL: secure, [name]: plain });
      expect(wrong).toThrow(
        new RegExp(`1 setting is wrong:\n.*${name}: must end in .sslmode=verify-full.*ALLOW_PLAINTEXT=on`),
      );
      expect(wrong).not.toThrow(/hunter/);
      for (const mode of ['disable', 'prefer', 'no-verify'])
        expect(() => load({ DATABASE_URL: secure, [name]: `${plain}?sslmode=${mode}` })).toThrow(name);
      for (const mode of ['require', 'verify-ca', 'verify-full'])
        expect(() => load({ DATABASE_URL: secure, [name]: `${plain}?sslmode=${mode}` })).not.toThrow();
      expect(() => load({ DATABASE_URL: secure, [name]: plain, DATABASE_ALLOW_PLAINTEXT: 'on' })).not.toThrow();
      expect(() => load({ DATABASE_URL: secure, [name]: plain, NODE_ENV: 'development' })).not.toThrow();
    }
    const sockets = ['postgres://u@%2Frun%2Fpostgresql/p', 'postgres:///p?host=/run/postgresql'];
    for (const DATABASE_URL of ['postgres://127.0.0.1/p', 'postgres://u:p@localhost:5432/p', ...sockets])
      expect(() => load({ DATABASE_URL })).not.toThrow();
    expect(() => load({ STOCK_DATABASE_URL: secure, DATABASE_URL: plain })).not.toThrow();
    expect(() => load({ DATABASE_URL: 'postgres://localhost/p?host=db' })).toThrow(/DATABASE_URL/);
  });

  it('take the role by its own URL, and its place at a shared one', () => {
    const own = loadConfig(schema, {
      ...KEY,
      STOCK_DATABASE_URL: 'postgres://own@h/p',
      DATABASE_URL: 'postgres://h/p',
    });
    const options = { schema: 'stock', applicationName: 'a' };
    expect(databaseOptions('stock', own, 'a')).toEqual({ ...options, url: 'postgres://own@h/p', role: undefined });
    const shared = loadConfig(schema, { ...KEY, DATABASE_URL: 'postgres://h/p' });
    expect(databaseOptions('stock', shared, 'a')).toEqual({ ...options, url: 'postgres://h/p', role: 'parley_stock' });
  });
});
