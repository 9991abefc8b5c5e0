import { chmod, chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@parley/config';
import { Database, startEmbeddedPostgres, type EmbeddedPostgres } from '@parley/postgres';
import { eventually, TestAuthority } from '@parley/testing';
import { databaseOptions, databaseSettings } from '../src/index.js';

let folder: string;
let postgres: EmbeddedPostgres;
const authority = new TestAuthority();

/** What a service with this address in its settings asks its database. */
async function asks(more: string): Promise<unknown> {
  const env = { NODE_ENV: 'production', STOCK_DATABASE_URL: `${postgres.url}${more}` };
  const config = loadConfig(databaseSettings('stock'), env);
  const database = new Database({ ...databaseOptions('stock', config, 'test'), schema: 'public' });
  try {
    const [row] = await database.query<{ ssl: boolean }>('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
    return row?.ssl;
  } finally {
    await database.close();
  }
}

/** Gives the server a certificate, as files that its account alone can read. */
async function speakTls(): Promise<void> {
  const { uid, gid } = await stat(postgres.cluster);
  const { cert, key } = authority.issue({ commonName: 'postgres', addresses: ['127.0.0.1'] });
  for (const [name, text] of Object.entries({ 'server.crt': cert, 'server.key': key })) {
    const file = join(postgres.cluster, name);
    await writeFile(file, text, { mode: 0o600 });
    await chown(file, uid, gid);
  }
  const admin = new Database({ url: postgres.url, schema: 'public', applicationName: 'admin' });
  await admin.query('alter system set ssl = on');
  await admin.query('select pg_reload_conf()');
  await admin.close();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-postgres-tls-'));
  await chmod(folder, 0o711);
  postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), port: 0 });
  await writeFile(join(folder, 'ca.crt'), authority.cert);
  await writeFile(join(folder, 'other.crt'), new TestAuthority().cert);
  await speakTls();
}, 120_000);
afterAll(async () => {
  await postgres?.destroy();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

describe('a database that speaks TLS', () => {
  it.each(['verify-full', 'verify-ca', 'require'])('is reached over it with sslmode=%s and its CA', async (mode) => {
    const url = `?sslmode=${mode}&sslrootcert=${encodeURIComponent(join(folder, 'ca.crt'))}`;
    await eventually(async () => expect(await asks(url)).toBe(true));
  });

  it.each(['verify-full', 'verify-ca', 'require'])(
    'is not believed with sslmode=%s and another CA, or none',
    async (mode) => {
      await eventually(async () =>
        expect(await asks(`?sslmode=${mode}&sslrootcert=${join(folder, 'ca.crt')}`)).toBe(true),
      );
      for (const more of [`&sslrootcert=${join(folder, 'other.crt')}`, ''])
        await expect(asks(`?sslmode=${mode}${more}`)).rejects.toThrow();
    },
  );

  it('is reached in the clear only where nothing was asked for', async () => {
    expect(await asks('')).toBe(false);
  });
});
