import { Module, type DynamicModule, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { consent } from '@parley/contracts';
import { createEventBus, EventBus, kafkaOptions } from '@parley/event-bus';
import { AppErrorFilter, grpcServerOptions } from '@parley/grpc';
import { Database, Inbox, INBOX_DAYS, MasterKey, PersonVault, schemaIsCurrent, waitForSchema } from '@parley/postgres';
import { createLogger, OpsServer, type Logger } from '@parley/telemetry';
import type { Config } from './config.js';
import { ConsentCalls, ConsentGrpc } from './inbound/consent.grpc.js';
import { subscribeInbound } from './inbound/whatsapp-inbound.events.js';
import { migrations } from './migrations/index.js';
import { PostgresLedger } from './outbound/postgres/postgres-ledger.js';
import { SystemClock } from './outbound/system/system-clock.js';
import { VaultPersons } from './outbound/vault/vault-persons.js';
import { Ledger } from './ports/ledger.port.js';
import { Persons } from './ports/persons.port.js';
import { CheckConsent } from './usecases/check-consent.js';
import { ListEntries } from './usecases/list-entries.js';
import { RecordConsent } from './usecases/record-consent.js';
import { TakeInbound } from './usecases/take-inbound.js';

const NAME = 'consent-service';
/** Offset of this service's ports from GRPC_PORT_BASE and OPS_PORT_BASE. */
const OFFSET = 5;
const inbox = new Inbox('consent');

/** Where ports meet adapters. */
@Module({})
export class AppModule {
  static with(db: Database, bus: EventBus, vault: PersonVault): DynamicModule {
    const calls = (ledger: Ledger, persons: Persons): ConsentCalls =>
      new ConsentCalls(
        new CheckConsent(ledger, persons),
        new RecordConsent(ledger, persons, new SystemClock()),
        new ListEntries(ledger, persons),
      );
    return {
      module: AppModule,
      controllers: [ConsentGrpc],
      providers: [
        { provide: Ledger, useFactory: () => new PostgresLedger(db, inbox, bus) },
        { provide: Persons, useFactory: () => new VaultPersons(vault) },
        { provide: ConsentCalls, useFactory: calls, inject: [Ledger, Persons] },
        {
          provide: TakeInbound,
          useFactory: (...ports: [Ledger, Persons]) => new TakeInbound(...ports),
          inject: [Ledger, Persons],
        },
      ],
    };
  }
}

/** Starts the service; it is ready when this resolves. `close` lets the batch in hand finish. */
export async function startService(config: Config): Promise<{ close(): Promise<void> }> {
  const log = createLogger(NAME);
  const masterKey = await readMasterKey(config);
  const database = openDatabase(config);
  const bus = createEventBus({ database, kafka: kafkaOptions(config), service: NAME, masterKey, logger: log });
  const ops = new OpsServer(config.OPS_PORT_BASE + OFFSET, config.LISTEN_HOST);
  ops.addCheck('database', () => requireSchema(database));
  ops.addCheck('event-bus', () => bus.ready());
  await ops.listen();
  await waitForSchema(database, migrations, { onWaiting: (why) => log.info({ why }, 'Waiting for the database') });
  const app = await serve(config, AppModule.with(database, bus, new PersonVault(database, masterKey)), log);
  await subscribeInbound(bus, app.get(TakeInbound));
  const housekeeping = purgeMarks(database, log);
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
  const own = config.CONSENT_DATABASE_URL;
  const role = own ? undefined : 'parley_consent';
  return new Database({ url: own ?? config.DATABASE_URL ?? '', schema: 'consent', role, applicationName: NAME });
}

async function requireSchema(database: Database): Promise<void> {
  if (!(await schemaIsCurrent(database, migrations))) throw new Error('The schema is not migrated yet.');
}

async function serve(config: Config, module: DynamicModule, log: Logger): Promise<INestMicroservice> {
  const url = `${config.LISTEN_HOST}:${config.GRPC_PORT_BASE + OFFSET}`;
  const options = grpcServerOptions(url, { 'parley.consent.v1.ConsentService': consent.ConsentServiceService });
  const app = await NestFactory.createMicroservice(module, { ...options, logger: false, abortOnError: false });
  app.useGlobalFilters(new AppErrorFilter(log));
  await app.listen();
  return app;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Marks are kept as long as anything can be redelivered; the ledger itself is kept for ever. */
function purgeMarks(database: Database, log: Logger): NodeJS.Timeout {
  const purge = (): void => {
    const olderThan = new Date(Date.now() - INBOX_DAYS * DAY_MS);
    inbox.purge(database, olderThan).catch((err: unknown) => log.warn({ err }, 'Old inbox marks could not be removed'));
  };
  return setInterval(purge, HOUR_MS).unref();
}
