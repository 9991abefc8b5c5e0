import { Module, type DynamicModule, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { audit } from '@parley/contracts';
import { createEventBus, kafkaOptions } from '@parley/event-bus';
import { AppErrorFilter, grpcServerOptions } from '@parley/grpc';
import { Database, Inbox, INBOX_DAYS, MasterKey, PersonVault, schemaIsCurrent, waitForSchema } from '@parley/postgres';
import { createLogger, OpsServer, type Logger } from '@parley/telemetry';
import type { Config } from './config.js';
import { AuditCalls, AuditGrpc } from './inbound/audit.grpc.js';
import { subscribeAll } from './inbound/topics.events.js';
import { migrations } from './migrations/index.js';
import { PostgresTrail } from './outbound/postgres/postgres-trail.js';
import { SystemClock } from './outbound/system/system-clock.js';
import { VaultPersons } from './outbound/vault/vault-persons.js';
import { Persons } from './ports/persons.port.js';
import { Trail } from './ports/trail.port.js';
import { AppendEvidence } from './usecases/append-evidence.js';
import { QueryEntries } from './usecases/query-entries.js';
import { VerifyChains } from './usecases/verify-chains.js';

const NAME = 'audit-service';
/** Offset of this service's ports from GRPC_PORT_BASE and OPS_PORT_BASE. */
const OFFSET = 6;
const inbox = new Inbox('audit');

/** Where ports meet adapters. */
@Module({})
export class AppModule {
  static with(db: Database, masterKey: MasterKey): DynamicModule {
    const vault = new PersonVault(db, masterKey);
    const append = (...ports: [Trail, Persons]): AppendEvidence => new AppendEvidence(...ports, new SystemClock());
    const calls = (trail: Trail, persons: Persons): AuditCalls =>
      new AuditCalls(new QueryEntries(trail, persons), new VerifyChains(trail));
    return {
      module: AppModule,
      controllers: [AuditGrpc],
      providers: [
        { provide: Trail, useFactory: () => new PostgresTrail(db, inbox) },
        { provide: Persons, useFactory: () => new VaultPersons(vault, masterKey, db) },
        { provide: AppendEvidence, useFactory: append, inject: [Trail, Persons] },
        { provide: AuditCalls, useFactory: calls, inject: [Trail, Persons] },
      ],
    };
  }
}

/** Starts the service; it is ready when this resolves. `close` lets the batches in hand finish. */
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
  const app = await serve(config, AppModule.with(database, masterKey), log);
  await subscribeAll(bus, app.get(AppendEvidence));
  const housekeeping = keepHouse(database, log);
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
  const own = config.AUDIT_DATABASE_URL;
  const role = own ? undefined : 'parley_audit';
  return new Database({ url: own ?? config.DATABASE_URL ?? '', schema: 'audit', role, applicationName: NAME });
}

async function requireSchema(database: Database): Promise<void> {
  if (!(await schemaIsCurrent(database, migrations))) throw new Error('The schema is not migrated yet.');
}

async function serve(config: Config, module: DynamicModule, log: Logger): Promise<INestMicroservice> {
  const url = `${config.LISTEN_HOST}:${config.GRPC_PORT_BASE + OFFSET}`;
  const options = grpcServerOptions(url, { 'parley.audit.v1.AuditService': audit.AuditServiceService });
  const app = await NestFactory.createMicroservice(module, { ...options, logger: false, abortOnError: false });
  app.useGlobalFilters(new AppErrorFilter(log));
  await app.listen();
  return app;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Makes the partitions of the days to come, and removes marks of what cannot be redelivered any more. */
function keepHouse(database: Database, log: Logger): NodeJS.Timeout {
  const trail = new PostgresTrail(database, inbox);
  const work = async (): Promise<void> => {
    await trail.prepareDays(new Date());
    await inbox.purge(database, new Date(Date.now() - INBOX_DAYS * DAY_MS));
  };
  const run = (): void =>
    void work().catch((err: unknown) => log.warn({ err }, 'Housekeeping failed, it is tried again'));
  return setInterval(run, HOUR_MS).unref();
}
