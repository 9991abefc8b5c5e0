import { describeConversations } from '../../ports/conversations.port.contract.js';
import { InMemoryConversations, InMemoryJournal } from './in-memory-conversations.js';

describeConversations('in memory', async () => {
  const conversations = new InMemoryConversations();
  return { conversations, journal: new InMemoryJournal(conversations), close: async () => {} };
});
