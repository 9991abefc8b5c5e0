import { Module, type DynamicModule } from '@nestjs/common';
import { consent } from '@parley/contracts';
import type { EventBus } from '@parley/event-bus';
import { Inbox, type Database, type PersonVault } from '@parley/postgres';
import { Lifecycle, openBus, openDatabase, openVault, serveGrpc, type Running } from '@parley/service';
import { PORT_OFFSET, type Config } from './config.js';
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
        ledger,
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
export function startService(config: Config): Promise<Running> {
  return Lifecycle.start({ name: 'consent-service', portOffset: PORT_OFFSET, config }, async (life) => {
    const database = await openDatabase(life, 'consent', config, migrations);
    const vault = await openVault(life, config, database);
    const bus = await openBus(life, { config, database, vault });
    const services = { 'parley.consent.v1.ConsentService': consent.ConsentServiceService };
    const app = await serveGrpc(life, AppModule.with(database, bus, vault.persons), services);
    await subscribeInbound(bus, app.get(TakeInbound));
    // The ledger itself is kept for ever.
    life.hourly(() => inbox.purge(database), 'Old inbox marks could not be removed');
  });
}
