import type { Database } from '@parley/postgres';
import { ticketNotFound } from '../../domain/errors.js';
import type {
  NewLead,
  NewTask,
  NewTicket,
  Task,
  Ticket,
  TicketStatus,
  TranscriptAddition,
  WorkFilter,
} from '../../domain/work.js';
import { Work } from '../../ports/work.port.js';
import type { Idempotency } from './idempotency.js';
import type { Persons } from './persons.js';
import { addLines, withAdditions } from './ticket-additions.js';
import {
  addTasks,
  addTickets,
  idOf,
  sealTasks,
  sealTickets,
  TASK_COLUMNS,
  TICKET_COLUMNS,
  tasksOf,
  ticketsOf,
  type TaskRow,
  type TicketRow,
} from './work-rows.js';

// By the contact's own hashes, and by the customers they belong to.
const FILTER = `($1 = '' or t.customer_id = $1) and ($3 = '' or t.status = $3) and ($2::text[] is null
  or t.phone_hash = any($2) or t.user_hash = any($2)
  or t.customer_id in (select k.customer_id from customer_keys k where k.hash = any($2)))`;

const ADD_LEAD = `insert into leads (id, key, phone_hash, identity, content, created_at)
  values ($1, $2, $3, $4, $5::bytea, $6) on conflict (key) do nothing`;

/** Tickets, tasks and leads in Postgres. */
export class BuiltInWork extends Work {
  constructor(
    private readonly db: Database,
    private readonly persons: Persons,
    private readonly idempotency: Idempotency,
    private readonly now: () => Date,
  ) {
    super();
  }

  async openTicket(ticket: NewTicket): Promise<Ticket> {
    const sealed = await sealTickets(this.persons, [ticket]);
    const write = { operation: 'createTicket', key: ticket.key, request: ticket };
    const id = await this.idempotency.once(write, async (tx) => {
      await addTickets(tx, sealed, this.now());
      return idOf('tic', ticket.key);
    });
    return this.#ticket(id);
  }

  async setTicketStatus(id: string, status: TicketStatus, idempotencyKey: string): Promise<Ticket> {
    const write = { operation: 'updateTicketStatus', key: idempotencyKey, request: { id, status } };
    const changed = await this.idempotency.once(write, async (tx) => {
      const found = await tx.query('update tickets set status = $2 where id = $1 returning id', [id, status]);
      if (found.length === 0) throw ticketNotFound();
      return id;
    });
    return this.#ticket(changed);
  }

  async appendTranscript(ticketId: string, addition: TranscriptAddition): Promise<Ticket> {
    await addLines(this.db, this.persons, ticketId, addition);
    return this.#ticket(ticketId);
  }

  async tickets(filter: WorkFilter): Promise<Ticket[]> {
    const sql = `select ${TICKET_COLUMNS} from tickets t where ${FILTER} order by t.created_at, t.seq`;
    const tickets = await ticketsOf(this.persons, await this.db.query<TicketRow>(sql, this.#params(filter)));
    return withAdditions(this.db, this.persons, tickets);
  }

  async createTask(task: NewTask): Promise<Task> {
    const sealed = await sealTasks(this.persons, [task]);
    const write = { operation: 'createTask', key: task.key, request: task };
    const id = await this.idempotency.once(write, async (tx) => {
      await addTasks(tx, sealed, this.now());
      return idOf('tas', task.key);
    });
    const rows = await this.db.query<TaskRow>(`select ${TASK_COLUMNS} from tasks t where t.id = $1`, [id]);
    const [made] = await tasksOf(this.persons, rows);
    return made as Task;
  }

  async tasks(filter: WorkFilter): Promise<Task[]> {
    const sql = `select ${TASK_COLUMNS} from tasks t where ${FILTER} order by t.created_at, t.seq`;
    return tasksOf(this.persons, await this.db.query<TaskRow>(sql, this.#params(filter)));
  }

  async createLead(lead: NewLead): Promise<string> {
    const { key, name, phone, interest } = lead;
    const contact = { phone, whatsappUserId: '' };
    const text = JSON.stringify({ name, phone, interest });
    const [sealed] = await this.persons.seal([{ identities: this.persons.identities(contact, key), text }]);
    return this.idempotency.once({ operation: 'createLead', key, request: lead }, async (tx) => {
      const id = idOf('lea', key);
      const { phoneHash } = this.persons.hashes(contact);
      await tx.query(ADD_LEAD, [id, key, phoneHash, sealed?.identity, sealed?.data, this.now()]);
      return id;
    });
  }

  async #ticket(id: string): Promise<Ticket> {
    const rows = await this.db.query<TicketRow>(`select ${TICKET_COLUMNS} from tickets t where t.id = $1`, [id]);
    const [ticket] = await withAdditions(this.db, this.persons, await ticketsOf(this.persons, rows));
    if (!ticket) throw ticketNotFound();
    return ticket;
  }

  #params({ customerId, status, ...contact }: WorkFilter): unknown[] {
    const hashes = Object.values(this.persons.hashes(contact)).filter((hash) => hash !== null);
    return [customerId, hashes.length === 0 ? null : hashes, status];
  }
}
