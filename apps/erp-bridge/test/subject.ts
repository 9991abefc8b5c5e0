import { busMigrations, createEventBus, topics, type EventBus } from '@parley/event-bus';
import { Vault, type Database } from '@parley/postgres';
import { createLogger } from '@parley/telemetry';
import { FakeClock, testDatabase, testMasterKey, type TestDatabase } from '@parley/testing';
import { builtIn } from '../src/app.module.js';
import type { BusinessEventKind, BusinessFact } from '../src/domain/business-event.js';
import { migrations } from '../src/migrations/index.js';
import type { Subject } from '../src/ports/subject.contract.js';

const TABLES = ['products', 'orders', 'order_returns', 'reservations', 'reservation_lines', 'invoices', 'payment_links']
  .concat(['refunds', 'technicians', 'work_orders', 'idempotency', 'demo_data'])
  .map((table) => `erp.${table}`);

interface Opened {
  database: Database;
  bus: EventBus;
}

/** The built-in ERP on a real Postgres, with the embedded log behind it. */
export class ErpUnderTest {
  readonly #buses: EventBus[] = [];
  #shared: Opened | undefined;
  #admin: Database | undefined;

  private constructor(private readonly postgres: TestDatabase) {}

  static async start(): Promise<ErpUnderTest> {
    const schemas = [
      { name: 'event-bus', schema: 'bus', migrations: busMigrations },
      { name: 'erp-bridge', schema: 'erp', role: 'parley_erp', migrations },
    ];
    return new ErpUnderTest(await testDatabase(schemas));
  }

  /** Another replica on the same data. */
  async connect(clock: FakeClock) {
    return this.#replica(await this.#open(), clock);
  }

  /** An ERP without any data; all of them share one connection pool and one bus. */
  async empty(clock: FakeClock): Promise<Subject & Awaited<ReturnType<ErpUnderTest['connect']>>> {
    await this.admin().query(`truncate ${TABLES.join(', ')}; delete from bus.records`);
    this.#shared ??= await this.#open();
    return { ...this.#replica(this.#shared, clock), facts: () => this.#facts() };
  }

  /** The superuser's view. */
  admin(): Database {
    return (this.#admin ??= this.postgres.database('bus'));
  }

  async close(): Promise<void> {
    await Promise.all(this.#buses.map((bus) => bus.close()));
    await this.postgres.close();
  }

  async #open(): Promise<Opened> {
    const database = this.postgres.database('erp');
    const logger = createLogger('test', { level: 'silent' });
    const bus = createEventBus({ database, service: 'erp-bridge', masterKey: testMasterKey(), logger });
    this.#buses.push(bus);
    // As the service does: topics are made before a transaction holds a connection and asks for a second one.
    await bus.ready();
    return { database, bus };
  }

  #replica({ database, bus }: Opened, clock: FakeClock) {
    return builtIn(database, bus, new Vault(database, testMasterKey()), 'https://pay.example.com/p', () => clock.now());
  }

  async #facts(): Promise<BusinessFact[]> {
    const sql = `select value from records where topic = $1 order by time, partition, "offset"`;
    const rows = await this.admin().query<{ value: Buffer }>(sql, [topics.businessEvents.name]);
    return rows.map(({ value }) => {
      const { kind, customerId, number } = topics.businessEvents.decode(value);
      return { kind: kind as BusinessEventKind, customerId, number };
    });
  }
}
