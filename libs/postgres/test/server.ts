import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, provision, startEmbeddedPostgres, type DatabaseOptions, type ServiceSchema } from '../src/index.js';

/** What the specs of this library run on. They cannot use @parley/testing, which is built on this library. */
export interface TestServer {
  url: string;
  /** Makes a database and returns its superuser's address. */
  freshDatabase(services?: readonly ServiceSchema[]): Promise<string>;
  open(options: Partial<DatabaseOptions> & { url: string }): Database;
  close(): Promise<void>;
}

/** A folder under the system's temporary folder that another account may enter. */
export async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-postgres-'));
  await chmod(folder, 0o755);
  return folder;
}

export async function testServer(): Promise<TestServer> {
  const shared = process.env['PARLEY_TEST_POSTGRES_URL'];
  const dataDir = await openFolder();
  const server = shared ? undefined : await startEmbeddedPostgres({ dataDir, port: 0 });
  const url = shared ?? server?.url ?? '';
  const opened: Database[] = [];
  const open: TestServer['open'] = (options) => {
    const database = new Database({ schema: 'public', applicationName: 'spec', ...options });
    opened.push(database);
    return database;
  };
  return {
    url,
    open,
    freshDatabase: async (services) => {
      const name = `spec_${randomBytes(8).toString('hex')}`;
      await open({ url, poolSize: 1 }).query(`create database ${name}`);
      const address = new URL(url);
      address.pathname = name;
      if (services) await provision(address.toString(), services);
      return address.toString();
    },
    close: async () => {
      await Promise.all(opened.map((database) => database.close()));
      await server?.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Polls until `attempt` returns true; for what the server does in its own time. */
export async function until(attempt: () => boolean | Promise<boolean>): Promise<void> {
  const limit = Date.now() + 10_000;
  while (!(await attempt())) {
    if (Date.now() > limit) throw new Error('It did not become true in time.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A promise and the function that settles it: lets a spec decide the order of things. */
export function gate(): { open: () => void; passed: Promise<void> } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
}

/** A migration class out of a name and a statement. */
export function migration(name: string, sql: string): ServiceSchema['migrations'][number] {
  return class {
    name = name;
    async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
      await runner.query(sql);
    }
    async down(): Promise<void> {}
  };
}
