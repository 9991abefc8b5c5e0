import { Module, type DynamicModule, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { erp } from '@parley/contracts';
import { createEventBus, kafkaOptions, type EventBus } from '@parley/event-bus';
import { AppErrorFilter, grpcServerOptions } from '@parley/grpc';
import { Database, MasterKey, PersonVault, schemaIsCurrent, waitForSchema } from '@parley/postgres';
import { createLogger, OpsServer, type Logger } from '@parley/telemetry';
import type { Config } from './config.js';
import { ErpGrpc } from './inbound/erp.grpc.js';
import { sweepReservations } from './inbound/reservations.timer.js';
import { migrations } from './migrations/index.js';
import { BuiltInBilling } from './outbound/built-in/built-in-billing.js';
import { BuiltInOrders } from './outbound/built-in/built-in-orders.js';
import { BuiltInRecords } from './outbound/built-in/built-in-records.js';
import { BuiltInStock } from './outbound/built-in/built-in-stock.js';
import { BuiltInWorkOrders } from './outbound/built-in/built-in-work-orders.js';
import { demoArrivals } from './outbound/built-in/demo/demo-orders.js';
import { demoRecords } from './outbound/built-in/demo/demo-records.js';
import { Writes } from './outbound/built-in/writes.js';
import { Billing } from './ports/billing.port.js';
import { Orders } from './ports/orders.port.js';
import { Records } from './ports/records.port.js';
import { Stock } from './ports/stock.port.js';
import { WorkOrders } from './ports/work-orders.port.js';
import { ImportRecords } from './usecases/import-records.js';

const NAME = 'erp-bridge';
/** Offset of this service's ports from GRPC_PORT_BASE and OPS_PORT_BASE. */
const OFFSET = 4;

/** One adapter for each port. */
export interface Adapters {
  orders: Orders;
  stock: Stock;
  billing: Billing;
  workOrders: WorkOrders;
  records: Records;
}

/** The built-in ERP: every port on Postgres. */
export function builtIn(db: Database, bus: EventBus, keys: MasterKey, paymentPage?: string, now = () => new Date()) {
  const writes = new Writes(db, bus, now);
  return {
    orders: new BuiltInOrders(db, writes),
    stock: new BuiltInStock(db, writes),
    billing: new BuiltInBilling(db, writes, paymentPage),
    workOrders: new BuiltInWorkOrders(db, writes),
    records: new BuiltInRecords(db, writes, new PersonVault(db, keys), keys),
  };
}

/** Where ports meet adapters. */
@Module({})
export class AppModule {
  static with(adapters: Adapters): DynamicModule {
    return {
      module: AppModule,
      controllers: [ErpGrpc],
      providers: [
        { provide: Orders, useValue: adapters.orders },
        { provide: Stock, useValue: adapters.stock },
        { provide: Billing, useValue: adapters.billing },
        { provide: WorkOrders, useValue: adapters.workOrders },
        { provide: ImportRecords, useFactory: () => new ImportRecords(adapters.records) },
      ],
    };
  }
}

/** Starts the service; it is ready when this resolves. */
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
  // Lets the bus learn its topics now: later it would ask for a second connection while a write holds one. Its own check
  // says when it is away.
  await bus.ready().catch(() => undefined);
  const adapters = builtIn(database, bus, masterKey, config.ERP_PAYMENT_PAGE_URL);
  if (config.PARLEY_DEMO_DATA) await writeDemo(adapters.records, log);
  const app = await serve(config, AppModule.with(adapters), log);
  const sweeping = sweepReservations(adapters.stock, log);
  serving = true;
  return {
    close: async () => {
      sweeping.stop();
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
  const own = config.ERP_DATABASE_URL;
  const role = own ? undefined : 'parley_erp';
  return new Database({ url: own ?? config.DATABASE_URL ?? '', schema: 'erp', role, applicationName: NAME });
}

async function requireSchema(database: Database): Promise<void> {
  if (!(await schemaIsCurrent(database, migrations))) throw new Error('The schema is not migrated yet.');
}

async function writeDemo(records: BuiltInRecords, log: Logger): Promise<void> {
  const written = await records.writeDemo(demoRecords(new Date()), demoArrivals);
  if (written) log.info('Demonstration data written');
}

async function serve(config: Config, module: DynamicModule, log: Logger): Promise<INestMicroservice> {
  const url = `${config.LISTEN_HOST}:${config.GRPC_PORT_BASE + OFFSET}`;
  const options = grpcServerOptions(url, { 'parley.erp.v1.ErpService': erp.ErpServiceService });
  const app = await NestFactory.createMicroservice(module, { ...options, logger: false, abortOnError: false });
  app.useGlobalFilters(new AppErrorFilter(log));
  await app.listen();
  return app;
}
