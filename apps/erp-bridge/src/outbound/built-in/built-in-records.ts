import { lockKey, type Database, type MasterKey, type PersonVault, type Tx } from '@parley/postgres';
import { invoiceFact, orderFact, workOrderFact, type BusinessFact } from '../../domain/business-event.js';
import { canonicalJson } from '../../domain/canonical.js';
import { importRefused } from '../../domain/errors.js';
import type { Invoice } from '../../domain/invoice.js';
import { orderKey } from '../../domain/order-number.js';
import type { Order } from '../../domain/order.js';
import {
  countRows,
  danglingReferences,
  referencesOf,
  type ErpRecords,
  type References,
  type Written,
} from '../../domain/records.js';
import type { RollingEstimate } from '../../domain/rolling-estimate.js';
import type { Technician, WorkOrder } from '../../domain/work-order.js';
import { Records } from '../../ports/records.port.js';
import { invoiceRow, orderRow, productRow, upsertSql, workOrderRow } from './record-rows.js';
import type { Writes } from './writes.js';

const PRODUCTS = upsertSql({
  table: 'products',
  key: 'sku',
  columns: { name: 'text', product_line: 'text', price_amount: 'numeric', price_currency: 'text', on_hand: 'integer' },
  returns: 'null::text as status',
});

const ORDERS = upsertSql({
  table: 'orders',
  key: 'number_key',
  columns: {
    number: 'text',
    customer_id: 'text',
    placed_at: 'timestamptz',
    status: 'text',
    lines: 'jsonb',
    shipments: 'jsonb',
  },
  returns: 't.number, t.customer_id as "customerId", t.status',
  // What was imported counts, for good: no demonstration arrival, no goods of ours to put back.
  also: 'rolling_estimate = null, stock_taken = false',
});

const INVOICES = upsertSql({
  table: 'invoices',
  key: 'number_key',
  columns: {
    number: 'text',
    order_key: 'text',
    customer_id: 'text',
    total_amount: 'numeric',
    total_currency: 'text',
    status: 'text',
    due_on: 'date',
  },
  returns: 't.number, t.customer_id as "customerId", t.status',
});

const TECHNICIANS = upsertSql({
  table: 'technicians',
  key: 'id',
  columns: { identity: 'text', record: 'bytea', skills: 'text[]' },
  returns: 'null::text as status',
});

const WORK_ORDERS = upsertSql({
  table: 'work_orders',
  key: 'number_key',
  columns: {
    number: 'text',
    title: 'text',
    site: 'text',
    technician_id: 'text',
    status: 'text',
    scheduled_at: 'timestamptz',
    priority: 'text',
  },
  returns: 't.number, t.status',
});

const KNOWN = `select array(select sku from products where sku = any($1::text[])) as skus,
  array(select number_key from orders where number_key = any($2::text[])) as "orderKeys",
  array(select id from technicians where id = any($3::text[])) as "technicianIds"`;

const EMPTY = `select not exists (select from demo_data) and not exists (select from products)
  and not exists (select from orders) and not exists (select from technicians) as empty`;

// Without a fingerprint no row of an import is "the same as before".
const AS_DEMO = `with arrivals as (select * from jsonb_to_recordset($1::jsonb) as a(key text, estimate jsonb))
  update orders o set fingerprint = null,
    rolling_estimate = (select a.estimate from arrivals a where a.key = o.number_key)`;

type Row = Record<string, unknown>;
type Changed<T> = T & { previous: string | null };

/** Loads data into Postgres, each kind of row in one statement, all of it in one transaction. */
export class BuiltInRecords extends Records {
  constructor(
    private readonly db: Database,
    private readonly writes: Writes,
    private readonly vault: PersonVault,
    private readonly keys: MasterKey,
  ) {
    super();
  }

  async write(records: ErpRecords): Promise<Written> {
    const technicians = await this.#technicianRows(records.technicians);
    const written = await this.db.transaction(async (tx) => {
      await alone(tx);
      return this.#writeIn(tx, records, technicians);
    });
    return { written, unchanged: countRows(records) - written };
  }

  /**
   * Writes demonstration data into a schema that has nothing, once for ever; false when it has something. Replicas that
   * start together do it once. An import of one of its rows counts whatever it says.
   */
  async writeDemo(records: ErpRecords, arrivals: ReadonlyMap<string, RollingEstimate>): Promise<boolean> {
    const [begun] = await this.db.query('select 1 from demo_data');
    if (begun) return false;
    const technicians = await this.#technicianRows(records.technicians);
    return this.db.transaction(async (tx) => {
      await alone(tx);
      const [row] = await tx.query<{ empty: boolean }>(EMPTY);
      if (!row?.empty) return false;
      await this.#writeIn(tx, records, technicians);
      const rolling = [...arrivals].map(([number, estimate]) => ({ key: orderKey(number), estimate }));
      await tx.query(AS_DEMO, [JSON.stringify(rolling)]);
      await tx.query('insert into demo_data default values');
      return true;
    });
  }

  async #writeIn(tx: Tx, records: ErpRecords, technicians: readonly Row[]): Promise<number> {
    const problems = danglingReferences(records, await this.#known(tx, records));
    if (problems.length > 0) throw importRefused(problems);
    const products = await upsert(tx, PRODUCTS, records.products.map(productRow));
    const orders = await upsert<Order>(tx, ORDERS, records.orders.map(orderRow));
    const invoices = await upsert<Invoice>(tx, INVOICES, records.invoices.map(invoiceRow));
    const staff = await upsert(tx, TECHNICIANS, technicians);
    const jobs = await upsert<WorkOrder>(tx, WORK_ORDERS, records.workOrders.map(workOrderRow));
    const facts = [...news(orders, orderFact), ...news(invoices, invoiceFact), ...news(jobs, workOrderFact)];
    await this.writes.announce(tx, facts);
    return products.length + orders.length + invoices.length + staff.length + jobs.length;
  }

  async #known(tx: Tx, records: ErpRecords): Promise<References> {
    const wanted = referencesOf(records);
    const [row] = await tx.query<{ skus: string[]; orderKeys: string[]; technicianIds: string[] }>(KNOWN, [
      [...wanted.skus],
      [...wanted.orderKeys],
      [...wanted.technicianIds],
    ]);
    return {
      skus: new Set(row?.skus),
      orderKeys: new Set(row?.orderKeys),
      technicianIds: new Set(row?.technicianIds),
    };
  }

  async #technicianRows(technicians: readonly Technician[]): Promise<Row[]> {
    const identities = technicians.map(({ phone }) => this.vault.lookupHash('phone', phone));
    const ciphers = await this.vault.open(identities.map((identity) => [identity]));
    return technicians.map(({ id, name, phone, skills }, n) => {
      const sealed = ciphers[n]?.encrypt(JSON.stringify({ name, phone })) ?? Buffer.alloc(0);
      // Keyed, because a plain hash of a phone number can be tried out.
      const fingerprint = this.keys.hmac('erp.fingerprint', canonicalJson({ id, name, phone, skills })).toString('hex');
      return { key: id, identity: identities[n], record: `\\x${sealed.toString('hex')}`, skills, fingerprint };
    });
  }
}

/** One load at a time: two that write the same rows in different order would deadlock. */
async function alone(tx: Tx): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [lockKey('erp.records')]);
}

async function upsert<T>(tx: Tx, sql: string, rows: readonly Row[]): Promise<Changed<T>[]> {
  if (rows.length === 0) return [];
  return tx.query<Changed<T>>(sql, [JSON.stringify(rows)]);
}

/** Events of rows that were there before with another status; what is new was no news to its customer. */
function news<T extends { status: string }>(
  changed: readonly Changed<T>[],
  factOf: (row: T) => BusinessFact[],
): BusinessFact[] {
  return changed.flatMap((row) => (row.previous !== null && row.previous !== row.status ? factOf(row) : []));
}
