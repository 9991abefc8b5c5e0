import { Inbox, type Database } from '@parley/postgres';
import { passing } from '@parley/resilience';
import { Journal, type ConsentFact, type ConversationFact, type Receipt } from '../../ports/journal.port.js';
import { erasedAmong } from './built-in-erasure.js';
import { writeFlags } from './consent-rows.js';
import { addEntries, entryRows, settle } from './entry-rows.js';
import type { Persons } from './persons.js';
import { addTasks, addTickets, sealTasks, sealTickets } from './work-rows.js';

const conversationInbox = new Inbox('crm');
const NEVER = new Date(0);
const consentInbox = new Inbox('crm-consent');

/** Takes a batch of events over in one transaction: marks, effects, position. One statement for each kind of row. */
export class BuiltInJournal extends Journal {
  constructor(
    private readonly db: Database,
    private readonly persons: Persons,
    private readonly now: () => Date,
  ) {
    super();
  }

  async conversation(facts: readonly ConversationFact[], receipt: Receipt): Promise<void> {
    const todo = await this.#remaining(facts);
    // Sealed before the transaction: keys of persons come over a connection of their own.
    const entries = todo.filter((fact) => fact.entry !== undefined);
    const tickets = todo.filter((fact) => fact.ticket !== undefined);
    const tasks = todo.filter((fact) => fact.task !== undefined);
    const sealedEntries = await entryRows(
      this.persons,
      entries.flatMap(({ entry }) => entry ?? []),
    );
    const sealedTickets = await sealTickets(
      this.persons,
      tickets.flatMap(({ ticket }) => ticket ?? []),
    );
    const sealedTasks = await sealTasks(
      this.persons,
      tasks.flatMap(({ task }) => task ?? []),
    );
    await passing('crm-bridge.events.read');
    await this.db.transaction(async (tx) => {
      const fresh = await conversationInbox.markNew(tx, ids(facts.filter(needsMark)));
      await passing('crm-bridge.events.marked');
      const isNew = (list: readonly ConversationFact[]) => (_: unknown, n: number) => fresh.has(list[n]?.eventId ?? '');
      await addEntries(tx, sealedEntries);
      await settle(
        tx,
        todo.flatMap(({ eventId, delivery }) => (delivery && fresh.has(eventId) ? [delivery] : [])),
      );
      await passing('crm-bridge.entries.written');
      await addTickets(tx, sealedTickets.filter(isNew(tickets)), this.now());
      await addTasks(tx, sealedTasks.filter(isNew(tasks)), this.now());
      await passing('crm-bridge.work.written');
      await receipt.commitIn(tx);
    });
    await passing('crm-bridge.events.committed');
  }

  /** Without what happened before its contact was erased: the event was on its way then. */
  async #remaining(facts: readonly ConversationFact[]): Promise<ConversationFact[]> {
    const hashesOf = facts.map(({ entry, ticket, task }) => {
      const contact = (entry ?? ticket ?? task)?.contact;
      if (!contact) return [];
      const { phoneHash, userHash } = this.persons.hashes(contact);
      return [phoneHash, userHash].filter((hash) => hash !== null);
    });
    const erased = await erasedAmong(this.db, [...new Set(hashesOf.flat())]);
    if (erased.size === 0) return [...facts];
    return facts.filter(({ at, entry }, n) => {
      const happened = entry?.at ?? at;
      return !hashesOf[n]?.some((hash) => happened && happened <= (erased.get(hash) ?? NEVER));
    });
  }

  async consent(facts: readonly ConsentFact[], receipt: Receipt): Promise<void> {
    await this.db.transaction(async (tx) => {
      const fresh = await consentInbox.markNew(tx, ids(facts));
      const changes = facts.filter(({ eventId }) => fresh.has(eventId)).map(({ change }) => change);
      await writeFlags(tx, this.persons, changes);
      await passing('crm-bridge.flags.written');
      await receipt.commitIn(tx);
    });
    await passing('crm-bridge.flags.committed');
  }
}

// A line is its own mark: the same one again changes nothing, nor does what was said before its contact was erased. Most events
// ask for a line or for nothing.
function needsMark({ delivery, ticket, task }: ConversationFact): boolean {
  return (delivery ?? ticket ?? task) !== undefined;
}

function ids(facts: readonly { eventId: string }[]): string[] {
  return facts.map(({ eventId }) => eventId);
}
