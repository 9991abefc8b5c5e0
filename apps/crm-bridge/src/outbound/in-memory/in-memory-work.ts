import type { Contact } from '../../domain/customer.js';
import { ticketErased, ticketNotFound } from '../../domain/errors.js';
import {
  continued,
  type NewLead,
  type NewTask,
  type NewTicket,
  type Task,
  type Ticket,
  type TicketStatus,
  type TranscriptAddition,
  type WorkFilter,
} from '../../domain/work.js';
import { Work } from '../../ports/work.port.js';
import type { InMemoryState } from './in-memory-state.js';

export class InMemoryWork extends Work {
  constructor(private readonly state: InMemoryState) {
    super();
  }

  async openTicket(ticket: NewTicket): Promise<Ticket> {
    const id = this.state.once('createTicket', ticket.key, ticket, () => this.addTicket(ticket));
    return this.#ticket(id);
  }

  /** Opens a ticket unless its key has one; returns its id. */
  addTicket({ key, contact, ...rest }: NewTicket): string {
    const id = `tic-${key}`;
    const ticket: Ticket = { ...rest, id, status: 'open', createdAt: this.state.now() };
    if (this.state.tickets.has(id)) return id;
    this.state.tickets.set(id, { ticket, contact });
    this.state.changed('ticket', id);
    return id;
  }

  async setTicketStatus(id: string, status: TicketStatus, idempotencyKey: string): Promise<Ticket> {
    this.state.once('updateTicketStatus', idempotencyKey, { id, status }, () => {
      const known = this.state.tickets.get(id);
      if (!known) throw ticketNotFound();
      known.ticket = { ...known.ticket, status };
      this.state.changed('ticket', id);
      return id;
    });
    return this.#ticket(id);
  }

  async appendTranscript(ticketId: string, { lastMessageId, lines }: TranscriptAddition): Promise<Ticket> {
    const known = this.state.tickets.get(ticketId);
    if (!known) throw ticketNotFound();
    if (known.erased) throw ticketErased();
    known.added ??= new Set();
    if (!known.added.has(lastMessageId)) {
      known.added.add(lastMessageId);
      known.ticket = { ...known.ticket, transcript: continued(known.ticket.transcript, lines) };
      this.state.changed('ticket', ticketId);
    }
    return this.#ticket(ticketId);
  }

  async tickets(filter: WorkFilter): Promise<Ticket[]> {
    return [...this.state.tickets.values()]
      .filter(({ ticket, contact }) => this.#passes(filter, ticket, contact))
      .map(({ ticket }) => ticket);
  }

  async createTask(task: NewTask): Promise<Task> {
    const id = this.state.once('createTask', task.key, task, () => this.addTask(task));
    return { ...(this.state.tasks.get(id)?.task as Task) };
  }

  /** Makes a task unless its key has one; returns its id. */
  addTask({ key, contact, ...rest }: NewTask): string {
    const id = `tas-${key}`;
    const task: Task = { ...rest, id, status: 'open', createdAt: this.state.now() };
    if (this.state.tasks.has(id)) return id;
    this.state.tasks.set(id, { task, contact });
    this.state.changed('task', id);
    return id;
  }

  async tasks(filter: WorkFilter): Promise<Task[]> {
    return [...this.state.tasks.values()]
      .filter(({ task, contact }) => this.#passes(filter, task, contact))
      .map(({ task }) => task);
  }

  async createLead(lead: NewLead): Promise<string> {
    return this.state.once('createLead', lead.key, lead, () => {
      this.state.leads.set(lead.key, lead);
      return `lea-${lead.key}`;
    });
  }

  #ticket(id: string): Ticket {
    const known = this.state.tickets.get(id);
    if (!known) throw ticketNotFound();
    return { ...known.ticket };
  }

  #passes(filter: WorkFilter, work: { customerId: string; status: string }, contact: Contact): boolean {
    if (filter.customerId !== '' && work.customerId !== filter.customerId) return false;
    if (filter.status !== '' && work.status !== filter.status) return false;
    const keys = this.state.keys(filter);
    if (keys.length === 0) return true;
    const owners = this.state.belonging(filter).map(({ id }) => id);
    return this.state.keys(contact).some((key) => keys.includes(key)) || owners.includes(work.customerId);
  }
}
