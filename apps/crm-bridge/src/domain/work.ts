import type { Contact } from './customer.js';

export const TICKET_STATUSES = ['open', 'pending', 'solved'] as const;
export type TicketStatus = (typeof TICKET_STATUSES)[number];

export const TASK_STATUSES = ['open', 'done'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** Somebody must take care of a customer. */
export interface Ticket {
  id: string;
  reason: string;
  team: string;
  priority: string;
  status: TicketStatus;
  intent: string;
  customerId: string;
  conversationId: string;
  transcript: string;
  profile: string;
  createdAt: Date;
}

/** A ticket to open; the same key opens one. */
export interface NewTicket extends Omit<Ticket, 'id' | 'status' | 'createdAt'> {
  key: string;
  contact: Contact;
}

/** Lines that came after a ticket was opened; the last message's id makes them come once. */
export interface TranscriptAddition {
  lastMessageId: string;
  lines: readonly string[];
  /** As text of the ticket, or as a file where the system has files on tickets. */
  mode: 'text' | 'file';
}

/** A transcript with what came later. */
export function continued(transcript: string, added: readonly string[]): string {
  return [transcript, ...added].filter((text) => text !== '').join('\n');
}

/** A follow-up for the business. */
export interface Task {
  id: string;
  subject: string;
  description: string;
  customerId: string;
  orderNumber: string;
  dueAt?: Date;
  status: TaskStatus;
  createdAt: Date;
  conversationId: string;
}

/** A task to make; the same key makes one. */
export interface NewTask extends Omit<Task, 'id' | 'status' | 'createdAt'> {
  key: string;
  contact: Contact;
}

/** Somebody who may become a customer; the same key makes one. */
export interface NewLead {
  key: string;
  name: string;
  phone: string;
  interest: string;
}

/** Which tasks or tickets to list; an empty text asks for any. Phone and user id together ask for what belongs to either. */
export interface WorkFilter extends Contact {
  customerId: string;
  status: string;
}
