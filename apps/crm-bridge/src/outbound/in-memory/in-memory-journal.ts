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
    for (const fact of facts) {
      const { eventId, entry, delivery, ticket, task } = fact;
      if (!this.#isNew(`conversation ${eventId}`) || this.#isLate(fact)) continue;
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

  /** Whether it happened before its contact was erased. */
  #isLate({ at, entry, ticket, task }: ConversationFact): boolean {
    const [contact, happened] = [(entry ?? ticket ?? task)?.contact, entry?.at ?? at];
    if (!contact || !happened) return false;
    return this.state.keys(contact).some((key) => happened <= (this.state.erased.get(key) ?? new Date(0)));
  }

  #isNew(mark: string): boolean {
    if (this.state.seen.has(mark)) return false;
    this.state.seen.add(mark);
    return true;
  }
}
