import { InMemoryTransactions } from '@parley/event-bus';
import { Journal, type ConsentFact, type ConversationFact, type Receipt } from '../../ports/journal.port.js';
import type { InMemoryConversations } from './in-memory-conversations.js';
import type { InMemoryState } from './in-memory-state.js';
import type { InMemoryWork } from './in-memory-work.js';

export class InMemoryJournal extends Journal {
  readonly #transactions = new InMemoryTransactions();

  constructor(
    private readonly state: InMemoryState,
    private readonly conversations: InMemoryConversations,
    private readonly work: InMemoryWork,
  ) {
    super();
  }

  async conversation(facts: readonly ConversationFact[], receipt: Receipt): Promise<void> {
    await this.#transactions.transaction((tx) => receipt.commitIn(tx));
    for (const { eventId, entry, delivery, ticket, task } of facts) {
      if (!this.#isNew(`conversation ${eventId}`)) continue;
      if (entry) this.conversations.add(entry);
      if (delivery) this.conversations.settle(delivery.sendId, delivery.wamid);
      if (ticket) this.work.addTicket(ticket);
      if (task) this.work.addTask(task);
    }
  }

  async consent(facts: readonly ConsentFact[], receipt: Receipt): Promise<void> {
    await this.#transactions.transaction((tx) => receipt.commitIn(tx));
    for (const { eventId, change } of facts) if (this.#isNew(`consent ${eventId}`)) this.state.setFlag(change);
  }

  #isNew(mark: string): boolean {
    if (this.state.seen.has(mark)) return false;
    this.state.seen.add(mark);
    return true;
  }
}
