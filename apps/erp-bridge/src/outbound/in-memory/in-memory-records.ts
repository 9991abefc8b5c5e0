import { invoiceFact, orderFact, workOrderFact, type BusinessFact } from '../../domain/business-event.js';
import { fingerprint } from '../../domain/canonical.js';
import { importRefused } from '../../domain/errors.js';
import { orderKey } from '../../domain/order-number.js';
import { countRows, danglingReferences, type ErpRecords, type Written } from '../../domain/records.js';
import { Records } from '../../ports/records.port.js';
import type { InMemoryState } from './in-memory-state.js';

const statusOf = (row: object): string => ('status' in row ? String(row.status) : '');

export class InMemoryRecords extends Records {
  constructor(private readonly state: InMemoryState) {
    super();
  }

  async write(records: ErpRecords): Promise<Written> {
    const { state } = this;
    const skus = new Set(state.products.keys());
    const technicianIds = new Set(state.technicians.keys());
    const known = { skus, technicianIds, orderKeys: new Set(state.orders.keys()) };
    const problems = danglingReferences(records, known);
    if (problems.length > 0) throw importRefused(problems);
    const none = (): BusinessFact[] => [];
    const written =
      this.#merge('product', state.products, records.products, ({ sku }) => sku, none) +
      this.#merge('order', state.orders, records.orders, ({ number }) => orderKey(number), orderFact) +
      this.#merge('invoice', state.invoices, records.invoices, ({ number }) => orderKey(number), invoiceFact) +
      this.#merge('technician', state.technicians, records.technicians, ({ id }) => id, none) +
      this.#merge('workOrder', state.workOrders, records.workOrders, ({ number }) => orderKey(number), workOrderFact);
    return { written, unchanged: countRows(records) - written };
  }

  #merge<T extends object>(
    kind: string,
    table: Map<string, T>,
    rows: readonly T[],
    keyOf: (row: T) => string,
    factOf: (row: T) => BusinessFact[],
  ): number {
    let written = 0;
    for (const row of rows) {
      const key = keyOf(row);
      const print = fingerprint(row);
      if (this.state.fingerprints.get(`${kind}:${key}`) === print) continue;
      const before = table.get(key);
      if (before && statusOf(before) !== statusOf(row)) this.state.facts.push(...factOf(row));
      this.state.fingerprints.set(`${kind}:${key}`, print);
      table.set(key, structuredClone(row));
      written += 1;
    }
    return written;
  }
}
