import { describeEventBus } from '../src/event-bus.contract.js';
import { createEventBus } from '../src/index.js';
import { common, logDatabase } from './subject.js';

describeEventBus('EmbeddedEventBus', async () => {
  const test = await logDatabase();
  const database = test.database('alpha');
  return {
    open: async () => createEventBus({ ...common, database: test.database('alpha') }),
    transaction: (work) => database.transaction(work),
    close: () => test.close(),
  };
});
