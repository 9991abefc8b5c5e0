import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, startEmbeddedPostgres, type EmbeddedPostgres } from '../src/index.js';

describe('embedded PostgreSQL', () => {
  let dataDir: string;
  let server: EmbeddedPostgres | undefined;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'parley-embedded-'));
    await chmod(dataDir, 0o755);
  });

  afterEach(async () => {
    await server?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('starts', async () => {
    let t = Date.now();
    server = await startEmbeddedPostgres({ dataDir, port: 0 });
    console.log('first', Date.now() - t);
    const db = new Database({ url: server.url, schema: 'public', applicationName: 'test' });
    expect(await db.query('select 1::int8 as n, current_setting($1) as v', ['fsync'])).toEqual([{ n: 1n, v: 'on' }]);
    await db.close();
    t = Date.now();
    await server.stop();
    console.log('stop', Date.now() - t);
    t = Date.now();
    server = await startEmbeddedPostgres({ dataDir, port: 0 });
    console.log('second', Date.now() - t);
  });
});
