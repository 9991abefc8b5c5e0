import { Module, type DynamicModule, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { crm } from '@parley/contracts';
import { createEventBus, kafkaOptions, type EventBus } from '@parley/event-bus';
import { AppErrorFilter, grpcServerOptions } from '@parley/grpc';
import { Database, Inbox, INBOX_DAYS, MasterKey, PersonVault, schemaIsCurrent, waitForSchema } from '@parley/postgres';
import { createLogger, OpsServer, type Logger } from '@parley/telemetry';
import type { Config } from './config.js';
import { subscribeConsent } from './inbound/consent.events.js';
import { subscribeConversations } from './inbound/conversation.events.js';
import { CrmGrpc } from './inbound/crm.grpc.js';
import { migrations } from './migrations/index.js';
import { BuiltInConversations } from './outbound/built-in/built-in-conversations.js';
import { BuiltInCustomers } from './outbound/built-in/built-in-customers.js';
import { BuiltInJournal } from './outbound/built-in/built-in-journal.js';
import { BuiltInWork } from './outbound/built-in/built-in-work.js';
import { demoCustomers } from './outbound/built-in/demo/demo-customers.js';
import { Idempotency } from './outbound/built-in/idempotency.js';
import { Persons } from './outbound/built-in/persons.js';
import { Conversations } from './ports/conversations.port.js';
import { Customers } from './ports/customers.port.js';
import type { Journal } from './ports/journal.port.js';
import { Work } from './ports/work.port.js';
import { LoadCustomers } from './usecases/load-customers.js';
import { OpenTicket } from './usecases/open-ticket.js';
import { TakeOverConversation } from './usecases/take-over-conversation.js';

const NAME = 'crm-bridge';
/** Offset of this service's ports from GRPC_PORT_BASE and OPS_PORT_BASE. */
const OFFSET = 3;

/** One adapter for each port. */
export interface Adapters {
  customers: Customers;
  conversations: Conversations;
  work: Work;
  journal: Journal;
}

/** The built-in CRM: every port on Postgres. */
export function builtIn(db: Database, keys: MasterKey, now = () => new Date()) {
  const persons = new Persons(new PersonVault(db, keys), keys);
  const idempotency = new Idempotency(db, persons);
  return {
    customers: new BuiltInCustomers(db, persons, idempotency),
    conversations: new BuiltInConversations(db, persons),
    work: new BuiltInWork(db, persons, idempotency, now),
    journal: new BuiltInJournal(db, persons, now),
    idempotency,
  };
}

/** Where ports meet adapters. */
@Module({})
export class AppModule {
  static with({ customers, conversations, work }: Adapters): DynamicModule {
    return {
      module: AppModule,
      controllers: [CrmGrpc],
      providers: [
        { provide: Customers, useValue: customers },
        { provide: Conversations, useValue: conversations },
        { provide: Work, useValue: work },
        { provide: OpenTicket, useFactory: () => new OpenTicket(customers, work) },
        { provide: LoadCustomers, useFactory: () => new LoadCustomers(customers) },
      ],
    };
  }
}

/** Starts consuming what the CRM lives on. The bus closes the subscriptions. */
export async function consume(bus: EventBus, { customers, journal }: Adapters): Promise<void> {
  await subscribeConversations(bus, new TakeOverConversation(customers, journal));
  await subscribeConsent(bus, journal);
}

/** Starts the service; it is ready when this resolves. `close` lets the batches in hand finish. */
export async function startService(config: Config): Promise<{ close(): Promise<void> }> {
  const log = createLogger(NAME);
  const masterKey = await readMasterKey(config);
  const database = openDatabase(config);
  const bus = createEventBus({ database, kafka: kafkaOptions(config), service: NAME, masterKey, logger: log });
  let serving = false;
  const ops = new OpsServer(config.OPS_PORT_BASE + OFFSET, config.LISTEN_HOST);
  ops.addCheck('started', () => (serving ? undefined : Promise.reject(new Error('Still starting.'))));
  ops.addCheck('database', () => requireSchema(database));
  ops.addCheck('event-bus', () => bus.ready());
  await ops.listen();
  await waitForSchema(database, migrations, { onWaiting: (why) => log.info({ why }, 'Waiting for the database') });
  const adapters = builtIn(database, masterKey);
  if (config.PARLEY_DEMO_DATA && (await adapters.customers.writeDemo(demoCustomers(new Date())))) {
    log.info('Demonstration data written');
  }
  const app = await serve(config, AppModule.with(adapters), log);
  await consume(bus, adapters);
  const housekeeping = keepHouse(database, adapters.idempotency, log);
  serving = true;
  return {
    close: async () => {
      clearInterval(housekeeping);
      await app.close();
      await bus.close();
      await database.close();
      await ops.close();
    },
  };
}

function readMasterKey(config: Config): Promise<MasterKey> {
  const { PARLEY_MASTER_KEY: text = '', PARLEY_MASTER_KEY_FILE: file } = config;
  return file ? MasterKey.fromFile(file) : Promise.resolve(MasterKey.fromText(text));
}

// A service's own URL logs in as its own role; a shared one has to take the role's place.
function openDatabase(config: Config): Database {
  const own = config.CRM_DATABASE_URL;
  const role = own ? undefined : 'parley_crm';
  return new Database({ url: own ?? config.DATABASE_URL ?? '', schema: 'crm', role, applicationName: NAME });
}

async function requireSchema(database: Database): Promise<void> {
  if (!(await schemaIsCurrent(database, migrations))) throw new Error('The schema is not migrated yet.');
}

async function serve(config: Config, module: DynamicModule, log: Logger): Promise<INestMicroservice> {
  const url = `${config.LISTEN_HOST}:${config.GRPC_PORT_BASE + OFFSET}`;
  const options = grpcServerOptions(url, { 'parley.crm.v1.CrmService': crm.CrmServiceService });
  const app = await NestFactory.createMicroservice(module, { ...options, logger: false, abortOnError: false });
  app.useGlobalFilters(new AppErrorFilter(log));
  await app.listen();
  return app;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Marks and idempotency keys are kept as long as anything can be redelivered. */
function keepHouse(database: Database, idempotency: Idempotency, log: Logger): NodeJS.Timeout {
  const purge = async (): Promise<void> => {
    const olderThan = new Date(Date.now() - INBOX_DAYS * DAY_MS);
    await new Inbox('crm').purge(database, olderThan);
    await idempotency.purge(olderThan);
  };
  const run = (): void => void purge().catch((err: unknown) => log.warn({ err }, 'Old marks could not be removed'));
  return setInterval(run, HOUR_MS).unref();
}
