import { busMigrations, createEventBus, type EventBus } from '@parley/event-bus';
import { Vault, type Database } from '@parley/postgres';
import { createLogger } from '@parley/telemetry';
import { testDatabase, testMasterKey, type FakeClock, type TestDatabase } from '@parley/testing';
import { builtIn } from '../src/app.module.js';
import { migrations } from '../src/migrations/index.js';

const TABLES = [
  'customers',
  'customer_keys',
  'consent_flags',
  'entries',
  'wamids',
  'tickets',
  'ticket_additions',
  'activities',
  'changes',
  'tasks',
  'leads',
  'erased',
  'inbox',
]
  .concat(['idempotency', 'demo_data'])
  .map((table) => `crm.${table}`);

/** The built-in CRM on a real Postgres, with the embedded log beside it. */
export class CrmUnderTest {
  readonly #buses: EventBus[] = [];
  #shared: Database | undefined;
  #admin: Database | undefined;

  private constructor(private readonly postgres: TestDatabase) {}

  static async start(): Promise<CrmUnderTest> {
    const schemas = [
      { name: 'event-bus', schema: 'bus', migrations: busMigrations },
      { name: 'crm-bridge', schema: 'crm', role: 'parley_crm', migrations },
    ];
    return new CrmUnderTest(await testDatabase(schemas));
  }

  /** Another replica on the same data. */
  connect(clock: FakeClock) {
    const database = this.postgres.database('crm');
    return builtIn(database, new Vault(database, testMasterKey()), () => clock.now());
  }

  /** A CRM without any data; all of them share one connection pool. */
  async empty(clock: FakeClock): Promise<ReturnType<CrmUnderTest['connect']>> {
    await this.admin().query(`truncate ${TABLES.join(', ')}`);
    this.#shared ??= this.connectDatabase();
    return builtIn(this.#shared, new Vault(this.#shared, testMasterKey()), () => clock.now());
  }

  /** The service's own view of its data. */
  database(): Database {
    return this.postgres.database('crm');
  }

  bus(service = 'crm-bridge'): EventBus {
    const database = this.postgres.database('crm');
    const logger = createLogger('test', { level: 'silent' });
    const bus = createEventBus({ database, service, masterKey: testMasterKey(), logger });
    this.#buses.push(bus);
    return bus;
  }

  get adminUrl(): string {
    return this.postgres.adminUrl;
  }

  /** The service's own view. */
  connectDatabase(): Database {
    return this.postgres.database('crm');
  }

  /** The superuser's view. */
  admin(): Database {
    return (this.#admin ??= this.postgres.database('bus'));
  }

  async close(): Promise<void> {
    await Promise.all(this.#buses.map((bus) => bus.close()));
    await this.postgres.close();
  }
}
