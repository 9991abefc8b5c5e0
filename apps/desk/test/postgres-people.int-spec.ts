import { testDatabase, type TestDatabase } from '@parley/testing';
import { migrations } from '../src/migrations/index.js';
import { PostgresAccounts } from '../src/outbound/postgres/postgres-accounts.js';
import { PostgresAttempts } from '../src/outbound/postgres/postgres-attempts.js';
import { PostgresSessions } from '../src/outbound/postgres/postgres-sessions.js';
import { describePeople, type PeopleSubject } from '../src/ports/people.port.contract.js';

let database: TestDatabase;
let subject: PeopleSubject;

beforeAll(async () => {
  database = await testDatabase([{ name: 'desk', schema: 'desk', role: 'parley_desk', migrations }]);
  const db = database.database('desk');
  subject = {
    accounts: new PostgresAccounts(db),
    sessions: new PostgresSessions(db),
    attempts: new PostgresAttempts(db),
  };
  // Alone, this file starts a PostgreSQL of its own.
}, 60_000);
afterAll(() => database?.close(), 60_000);

describePeople('Postgres', () => subject);
