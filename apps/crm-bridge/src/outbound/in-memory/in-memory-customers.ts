import { randomUUID } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical.js';
import type { ConsentChange, ConsentWord } from '../../domain/consent.js';
import { patched, type Contact, type Customer, type CustomerData, type CustomerValue } from '../../domain/customer.js';
import { ranked } from '../../domain/customer-ranking.js';
import { customerNotFound } from '../../domain/errors.js';
import { Customers, type Lookup, type Written } from '../../ports/customers.port.js';
import type { InMemoryState } from './in-memory-state.js';

export class InMemoryCustomers extends Customers {
  constructor(private readonly state: InMemoryState) {
    super();
  }

  async find(lookups: readonly Lookup[]): Promise<Customer[][]> {
    return lookups.map((lookup) => {
      const found = this.#found(lookup).map((customer) => this.state.shown(customer));
      return ranked(found, lookup.phone);
    });
  }

  async upsert(patch: CustomerData, idempotencyKey: string): Promise<Customer> {
    const before = this.state.customers.get(patch.id);
    if (patch.id !== '' && !before) throw customerNotFound();
    const id = this.state.once('upsertCustomer', idempotencyKey, patch, () => {
      const customer = before ? patched(before, patch) : { ...patch, id: `cus-${randomUUID()}` };
      this.state.customers.set(customer.id, structuredClone(customer));
      this.state.changed('customer', customer.id);
      return customer.id;
    });
    const customer = this.state.customers.get(id);
    if (!customer) throw customerNotFound();
    return this.state.shown(customer);
  }

  async load(customers: readonly CustomerData[]): Promise<Written> {
    let written = 0;
    for (const customer of customers) {
      const print = canonicalJson(customer);
      if (this.state.prints.get(customer.id) === print) continue;
      this.state.prints.set(customer.id, print);
      this.state.customers.set(customer.id, structuredClone(customer));
      this.state.changed('customer', customer.id);
      written += 1;
    }
    return { written, unchanged: customers.length - written };
  }

  async setConsent(change: ConsentChange): Promise<number> {
    return this.state.setFlag(change);
  }

  async consent(contact: Contact, purpose: string): Promise<ConsentWord | undefined> {
    const word = this.state.said(contact, purpose);
    return word && { granted: word.granted, at: word.at, evidenceRef: word.evidenceRef };
  }

  async value(id: string): Promise<CustomerValue> {
    const customer = this.state.customers.get(id);
    if (!customer) throw customerNotFound();
    return { ordersCount: 0, total: customer.lifetimeValue, source: 'built-in' };
  }

  #found({ id, whatsappUserId, phone, email }: Lookup): CustomerData[] {
    const all = [...this.state.customers.values()];
    if (id !== '') return all.filter((customer) => customer.id === id);
    const byUser = this.state.belonging({ phone: '', whatsappUserId });
    if (byUser.length > 0) return byUser;
    const byPhone = this.state.belonging({ phone, whatsappUserId: '' });
    if (byPhone.length > 0 || this.state.keys({ phone, whatsappUserId }).length > 0) return byPhone;
    const address = email.trim().toLowerCase();
    return address === '' ? [] : all.filter((customer) => customer.email.toLowerCase() === address);
  }
}
