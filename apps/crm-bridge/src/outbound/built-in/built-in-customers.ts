import { randomUUID } from 'node:crypto';
import { lockKey, type Database, type Tx } from '@parley/postgres';
import type { ConsentChange, ConsentWord } from '../../domain/consent.js';
import { patched, type Contact, type Customer, type CustomerData, type CustomerValue } from '../../domain/customer.js';
import { customerNotFound } from '../../domain/errors.js';
import { ranked } from '../../domain/customer-ranking.js';
import { Customers, type Lookup, type Written } from '../../ports/customers.port.js';
import { readFlag, writeFlags } from './consent-rows.js';
import {
  CUSTOMER_COLUMNS,
  fromRows,
  LOAD_CUSTOMERS,
  PUT_CUSTOMERS,
  toRows,
  type CustomerRow,
} from './customer-rows.js';
import type { Idempotency } from './idempotency.js';
import type { Persons } from './persons.js';

// All look-ups in one statement: by id, or by the hash of the first thing that finds somebody (rank).
const FIND = `with asked as (select * from jsonb_to_recordset($1::jsonb) as q(n integer, rank integer, id text, hash text)),
  hits as (
    select a.n, a.rank, a.id as customer_id from asked a where a.id is not null
    union select a.n, a.rank, k.customer_id from asked a join customer_keys k on k.hash = a.hash
  ), best as (select h.*, min(h.rank) over (partition by h.n) as first from hits h)
  select b.n, ${CUSTOMER_COLUMNS} from best b join customers c on c.id = b.customer_id where b.rank = b.first`;

const EMPTY = 'select not exists (select from demo_data) and not exists (select from customers) as empty';

interface Asked {
  n: number;
  rank: number;
  id?: string;
  hash?: string;
}

/** Customers in Postgres. */
export class BuiltInCustomers extends Customers {
  constructor(
    private readonly db: Database,
    private readonly persons: Persons,
    private readonly idempotency: Idempotency,
  ) {
    super();
  }

  async find(lookups: readonly Lookup[]): Promise<Customer[][]> {
    const results: Customer[][] = lookups.map(() => []);
    const asked = lookups.flatMap((lookup, n) => this.#asked(lookup, n));
    if (asked.length === 0) return results;
    const rows = await this.db.query<CustomerRow & { n: number }>(FIND, [JSON.stringify(asked)]);
    const distinct = [...new Map(rows.map((row) => [row.id, row])).values()];
    const customers = await fromRows(this.persons, distinct);
    for (const row of rows) {
      const customer = customers.get(row.id);
      if (customer) results[row.n]?.push(customer);
    }
    return results.map((found, n) => ranked(found, lookups[n]?.phone ?? ''));
  }

  async upsert(patch: CustomerData, idempotencyKey: string): Promise<Customer> {
    const write = { operation: 'upsertCustomer', key: idempotencyKey, request: patch };
    const id = patch.id || `cus-${randomUUID()}`;
    // Read before the transaction: keys of persons come over a connection of their own.
    const before = patch.id === '' ? undefined : await this.#get(patch.id);
    if (patch.id !== '' && !before) throw customerNotFound();
    const rows = await toRows(this.persons, [before ? patched(before, patch) : { ...patch, id }]);
    const stored = await this.idempotency.once(write, async (tx) => {
      await tx.query(PUT_CUSTOMERS, [rows]);
      return id;
    });
    const customer = await this.#get(stored);
    if (!customer) throw customerNotFound();
    return customer;
  }

  async load(customers: readonly CustomerData[]): Promise<Written> {
    const rows = await toRows(this.persons, customers);
    const written = await this.db.transaction(async (tx) => {
      await alone(tx);
      return tx.query(LOAD_CUSTOMERS, [rows]);
    });
    return { written: written.length, unchanged: customers.length - written.length };
  }

  /**
   * Writes demonstration customers into a schema that has none, once for ever; false when it has some. Replicas that start
   * together do it once. An import of one of them counts whatever it says.
   */
  async writeDemo(customers: readonly CustomerData[]): Promise<boolean> {
    const [begun] = await this.db.query('select 1 from demo_data');
    if (begun) return false;
    const rows = await toRows(this.persons, customers);
    return this.db.transaction(async (tx) => {
      await alone(tx);
      const [row] = await tx.query<{ empty: boolean }>(EMPTY);
      if (!row?.empty) return false;
      await tx.query(PUT_CUSTOMERS, [rows]);
      await tx.query('insert into demo_data default values');
      return true;
    });
  }

  async setConsent(change: ConsentChange): Promise<number> {
    return this.db.transaction((tx) => writeFlags(tx, this.persons, [change]));
  }

  async consent(contact: Contact, purpose: string): Promise<ConsentWord | undefined> {
    return readFlag(this.db, this.persons, contact, purpose);
  }

  async value(id: string): Promise<CustomerValue> {
    const customer = await this.#get(id);
    if (!customer) throw customerNotFound();
    // Orders are the ERP's; this CRM knows what it was told.
    return { ordersCount: 0, total: customer.lifetimeValue, source: 'built-in' };
  }

  async #get(id: string): Promise<Customer | undefined> {
    const [[customer] = []] = await this.find([{ id, whatsappUserId: '', phone: '', email: '' }]);
    return customer;
  }

  #asked(lookup: Lookup, n: number): Asked[] {
    if (lookup.id !== '') return [{ n, rank: 0, id: lookup.id }];
    const { phoneHash, userHash } = this.persons.hashes(lookup);
    const email = phoneHash || userHash ? null : this.persons.emailHash(lookup.email);
    return [userHash, phoneHash, email].flatMap((hash, rank) => (hash === null ? [] : [{ n, rank, hash }]));
  }
}

/** One load at a time: two that write the same rows in different order would deadlock. */
async function alone(tx: Tx): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [lockKey('crm.customers')]);
}
