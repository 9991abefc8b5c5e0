import type { Contact } from '../../domain/customer.js';
import type { Entry, NewEntry } from '../../domain/conversation.js';
import { Conversations } from '../../ports/conversations.port.js';
import type { InMemoryState } from './in-memory-state.js';

export class InMemoryConversations extends Conversations {
  constructor(private readonly state: InMemoryState) {
    super();
  }

  async log(entries: readonly NewEntry[]): Promise<number> {
    const fresh = entries.filter((entry) => this.add(entry));
    return fresh.length;
  }

  /** Whether the line was new. */
  add(entry: NewEntry): boolean {
    const { messageId, direction, wamid, customerId, contact } = entry;
    if (direction === 'outbound' && wamid !== '') this.settle(messageId, wamid);
    if (this.state.entries.has(messageId)) return false;
    this.state.entries.set(messageId, { ...entry, customerId: customerId || this.state.matched(contact) });
    return true;
  }

  settle(sendId: string, wamid: string): void {
    if (!this.state.wamids.has(sendId)) this.state.wamids.set(sendId, wamid);
  }

  async list(contact: Contact, limit: number): Promise<Entry[]> {
    const known = this.state.customers.get(this.state.matched(contact));
    const keys = new Set([contact, ...(known ? [known] : [])].flatMap((one) => this.state.keys(one)));
    return [...this.state.entries.values()]
      .filter((entry) => this.state.keys(entry.contact).some((key) => keys.has(key)))
      .sort((a, b) => a.at.getTime() - b.at.getTime())
      .slice(-limit)
      .map((entry) => this.#shown(entry, known?.id ?? ''));
  }

  #shown({ contact: _contact, ...entry }: NewEntry, known: string): Entry {
    const wamid = entry.direction === 'inbound' ? entry.messageId : (this.state.wamids.get(entry.messageId) ?? '');
    return { ...entry, wamid, customerId: entry.customerId || known };
  }
}
