import type { Contact } from '../../domain/customer.js';
import { InMemoryActivities } from './in-memory-activities.js';
import { InMemoryChanges } from './in-memory-changes.js';
import { InMemoryConnector } from './in-memory-connector.js';
import { InMemoryConversations } from './in-memory-conversations.js';
import { InMemoryCustomers } from './in-memory-customers.js';
import { InMemoryErasure } from './in-memory-erasure.js';
import { InMemoryJournal } from './in-memory-journal.js';
import { InMemoryState } from './in-memory-state.js';
import { InMemoryWork } from './in-memory-work.js';

/** A CRM within one process: a real twin of the built-in one for tests. */
export function inMemoryCrm(now: () => Date) {
  const state = new InMemoryState(now);
  const conversations = new InMemoryConversations(state);
  const work = new InMemoryWork(state);
  const journal = new InMemoryJournal(state, conversations, work);
  const erasure = new InMemoryErasure(state);
  const identities = (contact: Contact): string[] => state.keys(contact);
  const activities = new InMemoryActivities(state);
  const changes = new InMemoryChanges(state);
  const customers = new InMemoryCustomers(state);
  const connector = new InMemoryConnector();
  return { customers, conversations, work, journal, erasure, activities, changes, connector, identities };
}
