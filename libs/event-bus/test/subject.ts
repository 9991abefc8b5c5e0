import { createLogger } from '@parley/telemetry';
import { testDatabase, testMasterKey, type TestDatabase } from '@parley/testing';
import type { ServiceSchema } from '@parley/postgres';
import { busSchema } from '../src/index.js';

const alpha: ServiceSchema = { name: 'alpha', schema: 'alpha', role: 'parley_alpha', migrations: [] };

/** A database with the event log and one service, `alpha`, that may use it. */
export function logDatabase(): Promise<TestDatabase> {
  return testDatabase([busSchema, alpha]);
}

/** What every bus of a test is made with; quiet unless something is wrong. */
export const common = {
  service: 'alpha',
  masterKey: testMasterKey(),
  logger: createLogger('alpha', { level: 'fatal' }),
};
