import { describeEventBus } from '../src/event-bus.contract.js';
import { createEventBus } from '../src/index.js';
import { testBroker } from './broker.js';
import { common, logDatabase } from './subject.js';

describeEventBus('KafkaEventBus', async () => {
  const { brokers, stop } = await testBroker();
  const test = await logDatabase();
  const database = test.database('alpha');
  const kafka = { brokers, ssl: false, partitions: 6, replication: 0 };
  return {
    open: async () => createEventBus({ ...common, database: test.database('alpha'), kafka }),
    transaction: (work) => database.transaction(work),
    close: async () => {
      await test.close();
      await stop();
    },
  };
});
