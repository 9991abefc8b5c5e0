import { unavailable } from '@parley/errors';
import { Database, outboxTableSql, type ServiceSchema } from '@parley/postgres';
import { createLogger } from '@parley/telemetry';
import { testDatabase, testMasterKey, type TestDatabase } from '@parley/testing';
import { busSchema } from '../src/index.js';

class CreateOutbox1764002000000 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(outboxTableSql);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

const migrations = [CreateOutbox1764002000000];
const alpha: ServiceSchema = { name: 'alpha', schema: 'alpha', role: 'parley_alpha', migrations };

/** A database with the event log and one service, `alpha`, that may use it. */
export function logDatabase(): Promise<TestDatabase> {
  return testDatabase([busSchema, alpha]);
}

/** What every bus of a test is made with; quiet unless something is wrong. */
export const common = {
  service: 'alpha',
  masterKey: testMasterKey(),
  logger: createLogger('alpha', { level: 'silent' }),
};

/** A database that a test can take away from one process: all of it (a crash) or its heartbeats (a process that hangs). */
export class FrailDatabase extends Database {
  #lost: 'nothing' | 'heartbeats' | 'everything' = 'nothing';

  constructor(adminUrl: string) {
    super({ url: adminUrl, schema: 'alpha', role: 'parley_alpha', applicationName: 'alpha', poolSize: 5 });
  }

  lose(what: 'heartbeats' | 'everything'): void {
    this.#lost = what;
  }

  override query<R = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<R[]> {
    const lost = this.#lost === 'everything' || (this.#lost === 'heartbeats' && sql.includes('bus.heartbeat'));
    return lost ? Promise.reject(unavailable('POSTGRES.UNAVAILABLE', 'cut')) : super.query<R>(sql, params);
  }
}
