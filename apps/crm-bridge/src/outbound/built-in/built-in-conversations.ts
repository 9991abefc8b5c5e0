import type { Database } from '@parley/postgres';
import type { Contact } from '../../domain/customer.js';
import type { Entry, NewEntry } from '../../domain/conversation.js';
import { Conversations } from '../../ports/conversations.port.js';
import { addEntries, deliveriesOf, entryRows, listEntries, settle } from './entry-rows.js';
import type { Persons } from './persons.js';

/** Lines of conversations in Postgres. */
export class BuiltInConversations extends Conversations {
  constructor(
    private readonly db: Database,
    private readonly persons: Persons,
  ) {
    super();
  }

  async log(entries: readonly NewEntry[]): Promise<number> {
    const rows = await entryRows(this.persons, entries);
    return this.db.transaction(async (tx) => {
      const written = await addEntries(tx, rows);
      await settle(tx, deliveriesOf(entries));
      return written;
    });
  }

  async list(contact: Contact, limit: number): Promise<Entry[]> {
    const { phoneHash, userHash } = this.persons.hashes(contact);
    const hashes = [phoneHash, userHash].filter((hash) => hash !== null);
    return listEntries(this.db, this.persons, hashes, limit);
  }
}
