import type { crm } from '@parley/contracts';
import type { NewActivity } from '../domain/activity.js';
import type { Customer, CustomerData } from '../domain/customer.js';
import type { Entry, NewEntry } from '../domain/conversation.js';
import { badRequest, keyMissing } from '../domain/errors.js';
import { given, oneOf } from '../domain/requests.js';
import type { NewTask, NewTicket, Task, Ticket } from '../domain/work.js';

const WORD = /^[a-z][a-z0-9_-]{0,39}$/;
const NO_TIME = new Date(Number.NaN);

export function toCustomer(customer: Customer): crm.Customer {
  const { lifetimeValue, whatsappMarketing, ...rest } = customer;
  return { ...rest, lifetimeValue, whatsappMarketing };
}

/** Consent is the ledger's; what a caller says about it is not looked at. */
export function fromCustomer(customer: crm.Customer): CustomerData {
  const { id, name, phone, whatsappUserId, email, language, timeZone, tier, tags, notes, lifetimeValue } = customer;
  return {
    ...{ id, name, phone, whatsappUserId, email, language, timeZone, tier, tags },
    notes: notes.map(({ at, text }) => ({ at: at ?? NO_TIME, text })),
    ...(lifetimeValue ? { lifetimeValue: { amount: lifetimeValue.amount, currency: lifetimeValue.currency } } : {}),
  };
}

export function toEntry(entry: Entry): crm.ConversationEntry {
  return { ...entry, source: 'whatsapp' };
}

/** @throws AppError `REQUEST.INVALID` */
export function fromLogged({ entry, phone, whatsappUserId }: crm.LoggedMessage): NewEntry {
  const { wamid, direction, text, at, author, customerId, conversationId, messageId } = given('entry', entry);
  return {
    messageId: given('entry.message_id', messageId || wamid),
    wamid,
    direction: oneOf('entry.direction', direction, ['inbound', 'outbound'] as const),
    author: oneOf('entry.author', author, ['customer', 'bot', 'agent'] as const),
    text,
    at: given('entry.at', at),
    customerId,
    conversationId,
    contact: { phone, whatsappUserId },
  };
}

/** @throws AppError `REQUEST.INVALID` */
export function fromTicket(request: crm.CreateTicketRequest): NewTicket {
  const ticket = given('ticket', request.ticket);
  const { reason, team, priority, intent, customerId, conversationId, transcript, profile } = ticket;
  return {
    ...{ reason, team, priority, intent, customerId, conversationId, transcript, profile },
    key: request.idempotencyKey,
    contact: { phone: request.phone, whatsappUserId: request.whatsappUserId },
  };
}

/** @throws AppError `REQUEST.INVALID`, `IDEMPOTENCY.KEY_MISSING` */
export function fromActivity(request: crm.LogActivityRequest): NewActivity {
  const { phone, whatsappUserId, kind, body, idempotencyKey } = request;
  if (idempotencyKey === '') throw keyMissing();
  // It stands in the table as it is, so it must be no place for what somebody said.
  if (!WORD.test(kind)) throw badRequest('kind', 'is a word of lower-case letters, digits, - and _');
  return {
    kind,
    body,
    at: given('at', request.at),
    contact: { phone, whatsappUserId },
    dedupeKey: idempotencyKey,
  };
}

export function toTicket(ticket: Ticket): crm.Ticket {
  return ticket;
}

/** @throws AppError `REQUEST.INVALID` */
export function fromTask(request: crm.CreateTaskRequest): NewTask {
  const { subject, description, customerId, orderNumber, dueAt, conversationId } = given('task', request.task);
  return {
    ...{ subject: given('task.subject', subject), description, customerId, orderNumber, dueAt, conversationId },
    key: request.idempotencyKey,
    contact: { phone: request.phone, whatsappUserId: '' },
  };
}

export function toTask(task: Task): crm.Task {
  return { ...task, dueAt: task.dueAt };
}
