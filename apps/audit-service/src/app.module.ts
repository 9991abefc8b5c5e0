import { Module, type DynamicModule } from '@nestjs/common';
import { audit } from '@parley/contracts';
import { Inbox, PersonVault, type Database, type MasterKey } from '@parley/postgres';
import { Lifecycle, openBus, openDatabase, readMasterKey, serveGrpc, type Running } from '@parley/service';
import { PORT_OFFSET, type Config } from './config.js';
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
export function startService(config: Config): Promise<Running> {
  return Lifecycle.start({ name: 'audit-service', portOffset: PORT_OFFSET, config }, async (life) => {
    const masterKey = await readMasterKey(config);
    const database = await openDatabase(life, 'audit', config, migrations);
    const bus = await openBus(life, { config, database, masterKey });
    const services = { 'parley.audit.v1.AuditService': audit.AuditServiceService };
    const app = await serveGrpc(life, AppModule.with(database, masterKey), services);
    await subscribeAll(bus, app.get(AppendEvidence));
    const trail = new PostgresTrail(database, inbox);
    life.hourly(() => trail.prepareDays(new Date()), 'The partitions of the days to come could not be made');
    life.hourly(() => inbox.purge(database), 'Old inbox marks could not be removed');
  });
}
