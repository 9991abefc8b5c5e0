import { Module, type DynamicModule } from '@nestjs/common';
import { erp } from '@parley/contracts';
import type { EventBus } from '@parley/event-bus';
import { redeliveryEnd, type Database, type Vault } from '@parley/postgres';
import { Lifecycle, openBus, openDatabase, openVault, serveGrpc, type Running } from '@parley/service';
import type { Logger } from '@parley/telemetry';
import { PORT_OFFSET, type Config } from './config.js';
import { ErpGrpc } from './inbound/erp.grpc.js';
import { sweepReservations } from './inbound/reservations.timer.js';
import { migrations } from './migrations/index.js';
import { BuiltInBilling } from './outbound/built-in/built-in-billing.js';
import { BuiltInConnector } from './outbound/built-in/built-in-connector.js';
import { BuiltInOrders } from './outbound/built-in/built-in-orders.js';
import { BuiltInRecords } from './outbound/built-in/built-in-records.js';
import { BuiltInStock } from './outbound/built-in/built-in-stock.js';
import { BuiltInWorkOrders } from './outbound/built-in/built-in-work-orders.js';
import { demoArrivals } from './outbound/built-in/demo/demo-orders.js';
import { demoRecords } from './outbound/built-in/demo/demo-records.js';
import { Writes } from './outbound/built-in/writes.js';
import { Billing } from './ports/billing.port.js';
import { Connector } from './ports/connector.port.js';
import { Orders } from './ports/orders.port.js';
import { Records } from './ports/records.port.js';
import { Stock } from './ports/stock.port.js';
import { WorkOrders } from './ports/work-orders.port.js';
import { ImportRecords } from './usecases/import-records.js';

/** One adapter for each port. */
export interface Adapters {
  orders: Orders;
  stock: Stock;
  billing: Billing;
  workOrders: WorkOrders;
  records: Records;
  connector: Connector;
}

/** The built-in ERP: every port on Postgres. */
export function builtIn(db: Database, bus: EventBus, vault: Vault, paymentPage?: string, now = () => new Date()) {
  const writes = new Writes(db, bus, now);
  return {
    writes,
    orders: new BuiltInOrders(db, writes),
    stock: new BuiltInStock(db, writes),
    billing: new BuiltInBilling(db, writes, paymentPage),
    workOrders: new BuiltInWorkOrders(db, writes),
    records: new BuiltInRecords(db, writes, vault.persons, vault.masterKey),
    connector: new BuiltInConnector(db),
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
        { provide: Connector, useValue: adapters.connector },
        { provide: WorkOrders, useValue: adapters.workOrders },
        { provide: ImportRecords, useFactory: () => new ImportRecords(adapters.records) },
      ],
    };
  }
}

/** Starts the service; it is ready when this resolves. */
export function startService(config: Config): Promise<Running> {
  return Lifecycle.start({ name: 'erp-bridge', portOffset: PORT_OFFSET, config }, async (life) => {
    const database = await openDatabase(life, 'erp', config, migrations);
    const vault = await openVault(life, config, database);
    const bus = await openBus(life, { config, database, vault });
    const adapters = builtIn(database, bus, vault, config.ERP_PAYMENT_PAGE_URL);
    if (config.PARLEY_DEMO_DATA) await writeDemo(adapters.records, life.log);
    await serveGrpc(life, AppModule.with(adapters), { 'parley.erp.v1.ErpService': erp.ErpServiceService });
    const sweeping = sweepReservations(adapters.stock, life.log);
    life.onClose(() => sweeping.stop());
    life.hourly(() => adapters.writes.purge(redeliveryEnd()), 'Old idempotency keys could not be removed');
  });
}

async function writeDemo(records: BuiltInRecords, log: Logger): Promise<void> {
  const written = await records.writeDemo(demoRecords(new Date()), demoArrivals);
  if (written) log.info('Demonstration data written');
}
