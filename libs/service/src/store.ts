import type { ConfigOf } from '@parley/config';
import type { EventBus, eventBusSettings } from '@parley/event-bus';
import type { Database, DatabaseOptions, MigrationClass, Vault } from '@parley/postgres';
import type { Lifecycle } from './lifecycle.js';
import { databaseVariable, type DatabaseConfig } from './settings.js';

// The store is loaded when it is opened: a service without one does without the memory it takes.

/** How to connect to a schema. A URL of its own logs in as its own role; a shared one has to take the role's place. */
export function databaseOptions<const S extends string>(
  schema: S,
  config: DatabaseConfig<NoInfer<S>>,
  applicationName: string,
): DatabaseOptions {
  const own: string | undefined = config[databaseVariable(schema)];
  const role = own ? undefined : `parley_${schema}`;
  return { url: own ?? config.DATABASE_URL ?? '', schema, role, applicationName };
}

/**
 * The service's database, once its schema has the migrations of this build: waits for that without limit and says so in the
 * log. Readiness depends on it, also later.
 */
export async function openDatabase<const S extends string>(
  life: Lifecycle,
  schema: S,
  config: DatabaseConfig<NoInfer<S>>,
  migrations: readonly MigrationClass[],
): Promise<Database> {
  const { Database, schemaIsCurrent, waitForSchema } = await import('@parley/postgres');
  const database = new Database(databaseOptions(schema, config, life.name));
  life.onClose(() => database.close());
  life.addCheck('database', async () => {
    if (!(await schemaIsCurrent(database, migrations))) throw new Error('The schema is not migrated yet.');
  });
  await waitForSchema(database, migrations, { onWaiting: (why) => life.log.info({ why }, 'Waiting for the database') });
  return database;
}

/** What a bus is opened with. */
export interface BusParts {
  config: ConfigOf<typeof eventBusSettings>;
  database: Database;
  vault: Vault;
}

/** The service's bus; readiness depends on it. Closing it ends the subscriptions and lets the batches in hand finish. */
export async function openBus(life: Lifecycle, { config, database, vault }: BusParts): Promise<EventBus> {
  const { createEventBus, kafkaOptions } = await import('@parley/event-bus');
  const kafka = kafkaOptions(config);
  const keys = { vault: vault.database, masterKey: vault.masterKey };
  const bus = createEventBus({ database, ...keys, kafka, service: life.name, logger: life.log });
  life.onClose(() => bus.close());
  life.addCheck('event-bus', () => bus.ready());
  // Lets the bus learn its topics now: later it would ask for a second connection while a write holds one. Its own check
  // says when it is away.
  await bus.ready().catch(() => undefined);
  return bus;
}
