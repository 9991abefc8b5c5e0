import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { channel } from '@parley/contracts';
import { BatchingPublisher, createEventBus, kafkaOptions, type EventBus } from '@parley/event-bus';
import { AppErrorFilter, grpcServerOptions, type Guard } from '@parley/grpc';
import { Database, schemaIsCurrent, waitForSchema } from '@parley/postgres';
import { connectVault, databaseOptions, Lifecycle, joinVault, type Running } from '@parley/service';
import { createLogger } from '@parley/telemetry';
import { PORT_OFFSET, type Config } from './config.js';
import { ChannelGrpc } from './inbound/channel.grpc.js';
import { GatewayHttpAdapter } from './inbound/http-server.js';
import { LinksHttp } from './inbound/links.http.js';
import { RefusalsFilter } from './inbound/refusals.filter.js';
import { WebhookHandler } from './inbound/webhook.http.js';
import { migrations } from './migrations/index.js';
import { BusWebhookLog } from './outbound/event-bus/bus-webhook-log.js';
import { GraphChannel } from './outbound/graph/graph-channel.js';
import { GrpcConsentGate } from './outbound/grpc/grpc-consent-gate.js';
import { systemClock } from './ports/clock.port.js';
import { buildSender, type RunningSender } from './sender.module.js';
import { AcceptWebhook } from './usecases/accept-webhook.js';
import { ShowChannel } from './usecases/show-channel.js';

const NAME = 'gateway';
/** A webhook waits this long for others to be written with: nobody notices, and under load there are half as many writes. */
const MAX_WAIT_MS = 2;
/** The same when webhooks come by hundreds a second: a tenth as many writes for a delay that is small beside the reply's. */
const BUSY_WAIT_MS = 15;
const log = createLogger(NAME);

/** Where ports meet adapters, for what Nest serves. */
@Module({})
export class AppModule {
  static with(show: ShowChannel): DynamicModule {
    return {
      module: AppModule,
      controllers: [ChannelGrpc, LinksHttp],
      providers: [{ provide: ShowChannel, useFactory: () => show }],
    };
  }
}

/** The doors of the gateway, open: webhooks and links over HTTP, questions over gRPC. */
export async function serve(config: Config, bus: EventBus, show: ShowChannel, guard?: Guard): Promise<Running> {
  const publisher = new BatchingPublisher(bus, { maxWaitMs: MAX_WAIT_MS, busyWaitMs: BUSY_WAIT_MS });
  const secrets = [config.WHATSAPP_APP_SECRET, config.WHATSAPP_APP_SECRET_PREVIOUS].filter((one) => one !== undefined);
  const phoneNumberIds = [...config.numbers.keys()];
  const accept = new AcceptWebhook({ secrets, phoneNumberIds }, new BusWebhookLog(publisher, bus), systemClock);
  const webhook = new WebhookHandler(accept, { verifyToken: config.WHATSAPP_VERIFY_TOKEN });
  const adapter = new GatewayHttpAdapter(webhook);
  const options = { logger: false, bodyParser: false, abortOnError: false } as const;
  const app = await NestFactory.create(AppModule.with(show), adapter, options);
  app.useGlobalFilters(new RefusalsFilter(log));
  const services = { 'parley.channel.v1.ChannelService': channel.ChannelServiceService };
  const grpc = app.connectMicroservice(
    grpcServerOptions(`${config.LISTEN_HOST}:${config.GRPC_PORT_BASE}`, services, guard),
  );
  grpc.useGlobalFilters(new AppErrorFilter(log));
  await app.startAllMicroservices();
  await app.listen(config.GATEWAY_PORT, config.GATEWAY_HOST);
  return {
    close: async () => {
      await app.close();
      await publisher.close();
    },
  };
}

/** Starts the service; webhooks are accepted when this resolves. Sending begins once the schema is there. */
export function startService(config: Config): Promise<Running> {
  return Lifecycle.start({ name: NAME, portOffset: PORT_OFFSET, config }, async (life) => {
    // Two pools: intake must not wait behind the sender's statements. And neither waits for the schema, or for the bus.
    const busDatabase = new Database(databaseOptions('gateway', config, 'gateway-bus'));
    const database = new Database(databaseOptions('gateway', config, NAME));
    life.onClose(() => Promise.all([database.close(), busDatabase.close()]));
    const vault = await connectVault(life, config, database);
    const consent = new GrpcConsentGate(config.CONSENT_GRPC_URL ?? `127.0.0.1:${config.GRPC_PORT_BASE + 5}`, life.tls);
    life.onClose(() => consent.close());
    const graph = new GraphChannel({
      url: config.graphUrl,
      version: config.WHATSAPP_GRAPH_VERSION,
      accessToken: config.WHATSAPP_ACCESS_TOKEN,
    });
    life.onClose(() => graph.close());
    const kafka = kafkaOptions(config);
    const keys = {
      vault: vault.database === database ? busDatabase : vault.database,
      masterKey: vault.masterKey,
    };
    const bus = createEventBus({ database: busDatabase, ...keys, kafka, service: NAME, logger: log });
    life.onClose(() => bus.close());
    life.addCheck('event-bus', () => bus.ready());
    const sender = buildSender({
      database,
      bus,
      vault: vault.persons,
      channel: graph,
      consent,
      clock: systemClock,
      numbers: config.numbers,
      bulkBesideLive: config.WHATSAPP_BULK_BESIDE_LIVE,
      inDoubtWaitMs: config.WHATSAPP_IN_DOUBT_WAIT,
    });
    life.onClose(() => sender.close());
    life.addCheck('sender', () => (sender.running ? Promise.resolve() : requireSchema(database)));
    const doors = await serve(config, bus, sender.show, life.guard);
    life.onClose(() => doors.close());
    startWhenReady(sender, database, () => joinVault(life, vault, database));
  });
}

/** Intake does not wait for the gateway's own tables, or for the vault, so the sender waits by itself. */
function startWhenReady(sender: RunningSender, database: Database, join: () => Promise<void>): void {
  const onWaiting = (why: string): void => log.info({ why }, 'Waiting for the database');
  const started = waitForSchema(database, migrations, { onWaiting })
    .then(join)
    .then(() => sender.start());
  started.catch((err: unknown) => {
    log.fatal({ err }, 'Sending could not be started');
    process.exit(1);
  });
}

async function requireSchema(database: Database): Promise<void> {
  if (!(await schemaIsCurrent(database, migrations))) throw new Error('The schema is not migrated yet.');
  throw new Error('The sender is starting.');
}
