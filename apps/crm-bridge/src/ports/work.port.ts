import type {
  NewLead,
  NewTask,
  NewTicket,
  Task,
  Ticket,
  TicketStatus,
  TranscriptAddition,
  WorkFilter,
} from '../domain/work.js';

/** Tickets, tasks and leads. Each is made once per key, and the same key with another request is refused. */
export abstract class Work {
  /** @throws AppError `IDEMPOTENCY.KEY_REUSED` */
  abstract openTicket(ticket: NewTicket): Promise<Ticket>;

  /**
   * Adds lines to a ticket's transcript, once by the id of the last message.
   * @throws AppError `TICKET.NOT_FOUND`; `TICKET.ERASED` when its customer was erased
   */
  abstract appendTranscript(ticketId: string, addition: TranscriptAddition): Promise<Ticket>;

  /** @throws AppError `TICKET.NOT_FOUND`, `IDEMPOTENCY.KEY_REUSED` */
  abstract setTicketStatus(id: string, status: TicketStatus, idempotencyKey: string): Promise<Ticket>;

  /** Oldest first. */
  abstract tickets(filter: WorkFilter): Promise<Ticket[]>;

  /** @throws AppError `IDEMPOTENCY.KEY_REUSED` */
  abstract createTask(task: NewTask): Promise<Task>;

  /** Oldest first. */
  abstract tasks(filter: WorkFilter): Promise<Task[]>;

  /** Returns the lead's id. @throws AppError `IDEMPOTENCY.KEY_REUSED` */
  abstract createLead(lead: NewLead): Promise<string>;
}
