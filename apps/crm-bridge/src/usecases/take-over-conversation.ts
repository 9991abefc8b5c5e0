import { profileOf } from '../domain/customer.js';
import type { Customers } from '../ports/customers.port.js';
import type { ConversationFact, Journal, Receipt } from '../ports/journal.port.js';
import { owners } from './owners.js';

/** A fact whose tickets say no more about the customer than the event did. */
export type HeardFact = ConversationFact & { profileName: string };

/** Takes what conversations said over into the CRM; tickets and tasks get their customer, tickets a profile. */
export class TakeOverConversation {
  constructor(
    private readonly customers: Customers,
    private readonly journal: Journal,
  ) {}

  async run(facts: readonly HeardFact[], receipt: Receipt): Promise<void> {
    const work = facts.flatMap(({ ticket, task }) => ticket ?? task ?? []);
    const found = await owners(this.customers, work);
    const ownerOf = new Map(work.map((one, n) => [one, found[n]] as const));
    const complete = facts.map(({ profileName, ...fact }): ConversationFact => {
      const { ticket, task } = fact;
      if (ticket) {
        const owner = ownerOf.get(ticket);
        const profile = profileOf(owner, { ...ticket.contact, profileName });
        return { ...fact, ticket: { ...ticket, profile, customerId: ticket.customerId || (owner?.id ?? '') } };
      }
      if (!task) return fact;
      return { ...fact, task: { ...task, customerId: task.customerId || (ownerOf.get(task)?.id ?? '') } };
    });
    await this.journal.conversation(complete, receipt);
  }
}
