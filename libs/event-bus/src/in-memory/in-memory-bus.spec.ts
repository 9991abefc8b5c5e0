import { describeEventBus } from '../event-bus.contract.js';
import { InMemoryEventBus } from './in-memory-bus.js';
import { InMemoryLog } from './in-memory-log.js';
import { InMemoryTransactions } from './in-memory-transactions.js';

describeEventBus('InMemoryEventBus', async () => {
  const log = new InMemoryLog();
  const transactions = new InMemoryTransactions();
  return {
    open: async () => new InMemoryEventBus({ log }),
    transaction: (work) => transactions.transaction(work),
    close: async () => undefined,
  };
});
