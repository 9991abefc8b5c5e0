import { InMemoryBilling } from './in-memory-billing.js';
import { InMemoryConnector } from './in-memory-connector.js';
import { InMemoryOrders } from './in-memory-orders.js';
import { InMemoryRecords } from './in-memory-records.js';
import { InMemoryState } from './in-memory-state.js';
import { InMemoryStock } from './in-memory-stock.js';
import { InMemoryWorkOrders } from './in-memory-work-orders.js';

/** An ERP within one process: a real twin of the built-in one for tests. */
export function inMemoryErp(now: () => Date, paymentPage?: string) {
  const state = new InMemoryState(now);
  return {
    orders: new InMemoryOrders(state),
    stock: new InMemoryStock(state),
    billing: new InMemoryBilling(state, paymentPage),
    workOrders: new InMemoryWorkOrders(state),
    records: new InMemoryRecords(state),
    connector: new InMemoryConnector(state),
    facts: state.facts,
  };
}
