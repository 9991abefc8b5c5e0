import { Module, type DynamicModule } from '@nestjs/common';
import { crm } from '@parley/contracts';
import type { EventBus } from '@parley/event-bus';
import { Inbox, redeliveryEnd, type Database, type Vault } from '@parley/postgres';
import { Lifecycle, openBus, openDatabase, openVault, serveGrpc, type Running } from '@parley/service';
import { PORT_OFFSET, type Config } from './config.js';
import type { Contact } from './domain/customer.js';
import { subscribeConsent } from './inbound/consent.events.js';
import { subscribeConversations } from './inbound/conversation.events.js';
import { CrmGrpc } from './inbound/crm.grpc.js';
import { migrations } from './migrations/index.js';
import { BuiltInActivities } from './outbound/built-in/built-in-activities.js';
import { BuiltInChanges } from './outbound/built-in/built-in-changes.js';
import { BuiltInConnector } from './outbound/built-in/built-in-connector.js';
import { BuiltInConversations } from './outbound/built-in/built-in-conversations.js';
import { BuiltInCustomers } from './outbound/built-in/built-in-customers.js';
import { BuiltInErasure } from './outbound/built-in/built-in-erasure.js';
import { BuiltInJournal } from './outbound/built-in/built-in-journal.js';
import { BuiltInWork } from './outbound/built-in/built-in-work.js';
import { demoCustomers } from './outbound/built-in/demo/demo-customers.js';
import { Idempotency } from './outbound/built-in/idempotency.js';
import { Persons } from './outbound/built-in/persons.js';
import { Activities } from './ports/activities.port.js';
import { Changes } from './ports/changes.port.js';
import { Connector } from './ports/connector.port.js';
import { Conversations } from './ports/conversations.port.js';
import { Customers } from './ports/customers.port.js';
import { Erasure } from './ports/erasure.port.js';
import type { Journal } from './ports/journal.port.js';
import { Work } from './ports/work.port.js';
import { LoadCustomers } from './usecases/load-customers.js';
import { OpenTicket } from './usecases/open-ticket.js';
import { TakeOverConversation } from './usecases/take-over-conversation.js';

/** One adapter for each port. */
export interface Adapters {
  customers: Customers;
  conversations: Conversations;
  work: Work;
  journal: Journal;
  erasure: Erasure;
  activities: Activities;
  changes: Changes;
  connector: Connector;
}

/** The built-in CRM: every port on Postgres. */
export function builtIn(db: Database, vault: Vault, now = () => new Date()) {
  const persons = new Persons(vault.persons, vault.masterKey);
  const idempotency = new Idempotency(db, persons);
  return {
    customers: new BuiltInCustomers(db, persons, idempotency),
    conversations: new BuiltInConversations(db, persons),
    work: new BuiltInWork(db, persons, idempotency, now),
    journal: new BuiltInJournal(db, persons, now),
    erasure: new BuiltInErasure(db, persons),
    activities: new BuiltInActivities(db, persons),
    changes: new BuiltInChanges(db, now),
    connector: new BuiltInConnector(),
    identities: (contact: Contact) => persons.identities(contact, ''),
    idempotency,
  };
}

/** Where ports meet adapters. */
@Module({})
export class AppModule {
  static with({ customers, conversations, work, ...others }: Adapters): DynamicModule {
    return {
      module: AppModule,
      controllers: [CrmGrpc],
      providers: [
        { provide: Customers, useValue: customers },
        { provide: Conversations, useValue: conversations },
        { provide: Work, useValue: work },
        { provide: Erasure, useValue: others.erasure },
        { provide: Activities, useValue: others.activities },
        { provide: Changes, useValue: others.changes },
        { provide: Connector, useValue: others.connector },
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
export function startService(config: Config): Promise<Running> {
  return Lifecycle.start({ name: 'crm-bridge', portOffset: PORT_OFFSET, config }, async (life) => {
    const database = await openDatabase(life, 'crm', config, migrations);
    const vault = await openVault(life, config, database);
    const bus = await openBus(life, { config, database, vault });
    const adapters = builtIn(database, vault);
    if (config.PARLEY_DEMO_DATA && (await adapters.customers.writeDemo(demoCustomers(new Date())))) {
      life.log.info('Demonstration data written');
    }
    await serveGrpc(life, AppModule.with(adapters), { 'parley.crm.v1.CrmService': crm.CrmServiceService });
    await consume(bus, adapters);
    life.hourly(() => new Inbox('crm').purge(database), 'Old inbox marks could not be removed');
    life.hourly(() => adapters.changes.purge(), 'Old changes could not be removed');
    life.hourly(() => adapters.idempotency.purge(redeliveryEnd()), 'Old idempotency keys could not be removed');
  });
}
