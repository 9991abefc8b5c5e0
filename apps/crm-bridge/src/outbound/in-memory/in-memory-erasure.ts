import type { ErasedContact, ErasedTable } from '../../domain/erasure.js';
import type { Contact } from '../../domain/customer.js';
import { Erasure } from '../../ports/erasure.port.js';
import type { InMemoryState } from './in-memory-state.js';

/** Removes persons from the lists; identities are the keys that contacts are compared by. */
export class InMemoryErasure extends Erasure {
  constructor(private readonly state: InMemoryState) {
    super();
  }

  async erase(contacts: readonly ErasedContact[]): Promise<ErasedTable[][]> {
    return contacts.map((contact) => this.#erase(contact));
  }

  #erase({ identities, customerIds, erasedAt }: ErasedContact): ErasedTable[] {
    const { activities, customers, entries, leads, tickets, tasks } = this.state;
    const keys = new Set(identities);
    const known = (contact: Contact): boolean => this.state.keys(contact).some((key) => keys.has(key));
    const theirs = [...customers.values()].filter((one) => customerIds.includes(one.id) || known(one));
    for (const key of theirs.flatMap((one) => this.state.keys(one))) keys.add(key);
    const lines = [...entries].filter(([, { contact }]) => known(contact));
    for (const { id } of theirs) customers.delete(id);
    for (const [id] of lines) entries.delete(id);
    const done = [...activities].filter(([, { contact }]) => known(contact));
    for (const [key] of done) activities.delete(key);
    const asked = [...leads].filter(([, { phone }]) => known({ phone, whatsappUserId: '' }));
    for (const [key] of asked) leads.delete(key);
    const gone = new Set(theirs.map(({ id }) => id));
    const noted = this.state.changes.filter(({ kind, id }) => kind === 'customer' && gone.has(id));
    this.state.changes = this.state.changes.filter((change) => !noted.includes(change));
    for (const key of keys) this.state.erase(key, erasedAt);
    const nobody = { contact: { phone: '', whatsappUserId: '' } };
    const emptied = (what: Map<string, { contact: Contact }>, empty: (id: string) => void): number => {
      const found = [...what].filter(([, { contact }]) => known(contact));
      for (const [id] of found) empty(id);
      return found.length;
    };
    const noCustomer = { customerId: '', conversationId: '' };
    const counts = {
      customers: theirs.length,
      entries: lines.length,
      activities: done.length,
      leads: asked.length,
      changes: noted.length,
      tickets: emptied(tickets, (id) => {
        const { ticket } = tickets.get(id)!;
        this.state.changed('ticket', id);
        tickets.set(id, { ...nobody, erased: true, ticket: { ...ticket, ...noCustomer, transcript: '', profile: '' } });
      }),
      tasks: emptied(tasks, (id) => {
        const { task } = tasks.get(id)!;
        this.state.changed('task', id);
        tasks.set(id, { ...nobody, task: { ...task, ...noCustomer, description: '' } });
      }),
    };
    return Object.entries(counts).flatMap(([table, rows]): ErasedTable[] => {
      const effect = table === 'tickets' || table === 'tasks' ? 'emptied' : 'deleted';
      return rows === 0 ? [] : [{ table: `crm.${table}`, effect, rows: BigInt(rows) }];
    });
  }
}
