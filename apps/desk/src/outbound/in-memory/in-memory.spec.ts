import { FakeClock } from '@parley/testing';
import { describeConversations } from '../../ports/conversations.port.contract.js';
import { describePeople } from '../../ports/people.port.contract.js';
import { InMemoryConversations } from './in-memory-conversations.js';
import { InMemoryAccounts, InMemoryAttempts, InMemorySessions } from './in-memory-people.js';

const conversations = new InMemoryConversations(new FakeClock());
describeConversations('InMemory', () => ({
  conversations,
  put: (conversation) => conversations.put(conversation),
  say: (id, text) => conversations.say(id, { author: 'customer', text }),
}));

const sessions = new InMemorySessions();
const people = { sessions, accounts: new InMemoryAccounts(sessions), attempts: new InMemoryAttempts() };
describePeople('InMemory', () => people);
