import { testBroker } from './broker.js';
import { describeRaces } from './races.contract.js';
import { conversationDatabase, instance } from './subject.js';

describeRaces('Kafka', async () => {
  const { brokers, stop } = await testBroker();
  const database = await conversationDatabase();
  return {
    database,
    start: () => instance(database, undefined, { brokers, ssl: false, partitions: 6, replication: 0 }),
    refusesOldEpochs: false,
    // A member that joins is enough: the group does not wait for batches in hand.
    giveUp: () => Promise.resolve(),
    close: async () => {
      await database.close();
      await stop();
    },
  };
});
