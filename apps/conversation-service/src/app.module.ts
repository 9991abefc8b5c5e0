import { Module, type DynamicModule } from '@nestjs/common';
import { consent, conversation, crm, erp, intent } from '@parley/contracts';
import type { EventBus } from '@parley/event-bus';
import { grpcClient } from '@parley/grpc';
import { Inbox, type Database, type PersonVault } from '@parley/postgres';
import { Lifecycle, openBus, openDatabase, openVault, serveGrpc, type Running } from '@parley/service';
import { PORT_OFFSET, type Config } from './config.js';
import { ConversationGrpc } from './inbound/conversation.grpc.js';
import { consumeMessages } from './inbound/messages.events.js';
import { consumeSettlements } from './inbound/settlements.events.js';
import { migrations } from './migrations/index.js';
import { GrpcConsent } from './outbound/grpc/grpc-consent.js';
import { GrpcCustomers } from './outbound/grpc/grpc-customers.js';
import { GrpcOrders } from './outbound/grpc/grpc-orders.js';
import { GrpcUnderstander } from './outbound/grpc/grpc-understander.js';
import { LiveContent } from './outbound/live-content/live-content.js';
import { Committer } from './outbound/postgres/commit.js';
import { Identities } from './outbound/postgres/identities.js';
import { PostgresChanges } from './outbound/postgres/postgres-changes.js';
import { PostgresContentVersions } from './outbound/postgres/postgres-content-versions.js';
import { PostgresConversations } from './outbound/postgres/postgres-conversations.js';
import { PostgresErasure } from './outbound/postgres/postgres-erasure.js';
import { PostgresJournal } from './outbound/postgres/postgres-journal.js';
import { SystemClock } from './outbound/system/system-clock.js';
import { Changes } from './ports/changes.port.js';
import type { Clock } from './ports/clock.port.js';
import type { Consent } from './ports/consent.port.js';
import { Conversations } from './ports/conversations.port.js';
import type { CustomerLookup, Customers } from './ports/customers.port.js';
import { Erasure } from './ports/erasure.port.js';
import type { Journal } from './ports/journal.port.js';
import type { OrderQuery, Orders } from './ports/orders.port.js';
import type { Understander, Utterance } from './ports/understanding.port.js';
import { AnswerBatch } from './usecases/answer-batch.js';
import type { Brain } from './usecases/answer-message.js';
import { ContentBrain } from './usecases/content-brain.js';
import { HandBack } from './usecases/hand-back.js';
import { Joiner } from './usecases/joiner.js';
import { Patience } from './usecases/patience.js';
import { ReplyAsAgent } from './usecases/reply-as-agent.js';
import { RescueDeadLetter } from './usecases/rescue-dead-letter.js';
import { RescueLostReply } from './usecases/rescue-lost-reply.js';
import { SettleMessages } from './usecases/settle-messages.js';
import { TakeOver } from './usecases/take-over.js';

const inbox = new Inbox('conversation');

/** Everything outside the use cases. */
export interface Adapters {
  conversations: Conversations;
  journal: Journal;
  changes: Changes;
  erasure: Erasure;
  understander: Understander;
  customers: Customers;
  orders: Orders;
  consent: Consent;
  clock: Clock;
  brain: Brain;
}

/** The adapters that keep conversations, on Postgres. */
export function onPostgres(
  db: Database,
  bus: EventBus,
  vault: PersonVault,
): { conversations: Conversations; journal: Journal; changes: PostgresChanges; erasure: Erasure } {
  const committer = new Committer(db, vault, inbox, bus);
  return {
    conversations: new PostgresConversations(db, vault, inbox, new Identities(db, vault), committer),
    journal: new PostgresJournal(db, vault),
    changes: new PostgresChanges(db),
    erasure: new PostgresErasure(db),
  };
}

/** What answers batches, for these numbers of ours. */
export function answering(adapters: Adapters, phoneNumberIds: readonly string[]): AnswerBatch {
  const { orders, customers, understander, clock } = adapters;
  const around = {
    ...adapters,
    patience: new Patience(clock),
    orderLookups: new Joiner('erp.getOrders', (queries: OrderQuery[]) => orders.get(queries)),
    customerLookups: new Joiner('crm.findCustomers', (lookups: CustomerLookup[]) => customers.find(lookups)),
    utterances: new Joiner('intent.parseBatch', (utterances: Utterance[]) => understander.understand(utterances)),
  };
  return new AnswerBatch(around, new Set(phoneNumberIds));
}

/** Where ports meet adapters. */
@Module({})
export class AppModule {
  static with(adapters: Pick<Adapters, 'conversations' | 'changes' | 'clock' | 'erasure'>): DynamicModule {
    const { conversations, changes, clock, erasure } = adapters;
    return {
      module: AppModule,
      controllers: [ConversationGrpc],
      providers: [
        { provide: Conversations, useValue: conversations },
        { provide: Changes, useValue: changes },
        { provide: Erasure, useValue: erasure },
        { provide: TakeOver, useFactory: () => new TakeOver(conversations, clock) },
        { provide: ReplyAsAgent, useFactory: () => new ReplyAsAgent(conversations, clock) },
        { provide: HandBack, useFactory: () => new HandBack(conversations, clock) },
      ],
    };
  }
}

/** Starts the service; it is ready when this resolves. `close` lets the batch in hand finish. */
export function startService(config: Config): Promise<Running> {
  return Lifecycle.start({ name: 'conversation-service', portOffset: PORT_OFFSET, config }, async (life) => {
    const database = await openDatabase(life, 'conversation', config, migrations);
    const vault = await openVault(life, config, database);
    const content = await LiveContent.open(config.CONTENT_DIR, new PostgresContentVersions(database), life.log);
    life.onClose(() => content.close());
    const systems = connect(life, config);
    life.onClose(() => systems.close());
    const bus = await openBus(life, { config, database, vault });
    const kept = onPostgres(database, bus, vault.persons);
    await kept.changes.start();
    life.onClose(() => kept.changes.close());
    const brain = new ContentBrain(content, config.PARLEY_TIME_ZONE);
    const adapters: Adapters = { ...kept, ...systems.adapters, clock: new SystemClock(), brain };
    const services = { 'parley.conversation.v1.ConversationService': conversation.ConversationServiceService };
    await serveGrpc(life, AppModule.with(adapters), services);
    await consume(bus, adapters, config);
    life.hourly(() => inbox.purge(database), 'Old inbox marks could not be removed');
  });
}

async function consume(bus: EventBus, adapters: Adapters, config: Config): Promise<void> {
  const { conversations, brain, clock } = adapters;
  const answer = answering(adapters, config.WHATSAPP_PHONE_NUMBER_ID);
  await consumeMessages(bus, answer, new RescueDeadLetter(conversations, brain, clock));
  await consumeSettlements(bus, new SettleMessages(conversations), new RescueLostReply(conversations, brain, clock));
}

/** The other services this one asks. */
function connect(
  { tls }: Lifecycle,
  config: Config,
): {
  adapters: Pick<Adapters, 'understander' | 'customers' | 'orders' | 'consent'>;
  close(): void;
} {
  const local = (offset: number): string => `127.0.0.1:${config.GRPC_PORT_BASE + offset}`;
  const intents = grpcClient(intent.IntentServiceClient, config.INTENT_GRPC_URL ?? local(2), {
    tls,
    server: 'intent-service',
  });
  const customers = grpcClient(crm.CrmServiceClient, config.CRM_GRPC_URL ?? local(3), {
    tls,
    server: 'crm-bridge',
  });
  const orders = grpcClient(erp.ErpServiceClient, config.ERP_GRPC_URL ?? local(4), {
    tls,
    server: 'erp-bridge',
  });
  const ledger = grpcClient(consent.ConsentServiceClient, config.CONSENT_GRPC_URL ?? local(5), {
    tls,
    server: 'consent-service',
  });
  return {
    adapters: {
      understander: new GrpcUnderstander(intents),
      customers: new GrpcCustomers(customers),
      orders: new GrpcOrders(orders),
      consent: new GrpcConsent(ledger),
    },
    close: () => {
      for (const client of [intents, customers, orders, ledger]) client.close();
    },
  };
}
