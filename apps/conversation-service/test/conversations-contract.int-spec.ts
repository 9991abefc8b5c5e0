import { describeConversations } from '../src/ports/conversations.port.contract.js';
import { conversationDatabase, instance } from './subject.js';

describeConversations('on Postgres', async () => {
  const database = await conversationDatabase();
  const { adapters, close } = instance(database);
  return { ...adapters, close: () => close().then(() => database.close()) };
});
