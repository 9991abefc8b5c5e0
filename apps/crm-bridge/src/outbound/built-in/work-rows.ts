import { createHash } from 'node:crypto';
import type { Tx } from '@parley/postgres';
import type { NewTask, NewTicket, Task, TaskStatus, Ticket, TicketStatus } from '../../domain/work.js';
import type { ContactHashes, Persons, Sealed } from './persons.js';

interface Prepared<T> {
  row: T;
  sealed: Sealed;
  hashes: ContactHashes;
}

/** Made of the key, so that a repeat has the same one without looking. */
export function idOf(prefix: string, key: string): string {
  return `${prefix}-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
}

const ADD_TICKETS = `insert into tickets (id, key, reason, team, priority, status, intent, customer_id, conversation_id,
    phone_hash, user_hash, identity, content, created_at)
  select r.id, r.key, r.reason, r.team, r.priority, 'open', r.intent, r."customerId", r."conversationId",
    r."phoneHash", r."userHash", r.identity, r.data, $2
  from jsonb_to_recordset($1::jsonb) as r(id text, key text, reason text, team text, priority text, intent text,
    "customerId" text, "conversationId" text, "phoneHash" text, "userHash" text, identity text, data bytea)
  order by r.key on conflict (key) do nothing`;

const ADD_TASKS = `insert into tasks (id, key, subject, order_number, due_at, status, customer_id, conversation_id,
    phone_hash, user_hash, identity, content, created_at)
  select r.id, r.key, r.subject, r."orderNumber", r."dueAt", 'open', r."customerId", r."conversationId",
    r."phoneHash", r."userHash", r.identity, r.data, $2
  from jsonb_to_recordset($1::jsonb) as r(id text, key text, subject text, "orderNumber" text, "dueAt" timestamptz,
    "customerId" text, "conversationId" text, "phoneHash" text, "userHash" text, identity text, data bytea)
  order by r.key on conflict (key) do nothing`;

/** Seals what tickets hold about a person. */
export async function sealTickets(persons: Persons, tickets: readonly NewTicket[]): Promise<Prepared<NewTicket>[]> {
  return prepare(persons, tickets, ({ transcript, profile }) => JSON.stringify({ transcript, profile }));
}

/** Seals what tasks hold about a person. */
export async function sealTasks(persons: Persons, tasks: readonly NewTask[]): Promise<Prepared<NewTask>[]> {
  return prepare(persons, tasks, ({ description }) => description);
}

async function prepare<T extends NewTicket | NewTask>(
  persons: Persons,
  rows: readonly T[],
  textOf: (row: T) => string,
): Promise<Prepared<T>[]> {
  const sealed = await persons.seal(
    rows.map((row) => {
      const identities = persons.identities(row.contact, row.customerId || row.conversationId || row.key);
      return { identities, text: textOf(row) };
    }),
  );
  return rows.map((row, n) => {
    return { row, sealed: sealed[n] ?? { identity: '', data: '' }, hashes: persons.hashes(row.contact) };
  });
}

export async function addTickets(tx: Tx, tickets: readonly Prepared<NewTicket>[], now: Date): Promise<void> {
  if (tickets.length === 0) return;
  const rows = tickets.map(({ row, sealed, hashes }) => {
    const { transcript: _transcript, profile: _profile, contact: _contact, ...plain } = row;
    return { ...plain, id: idOf('tic', row.key), ...sealed, ...hashes };
  });
  await tx.query(ADD_TICKETS, [JSON.stringify(rows), now]);
}

export async function addTasks(tx: Tx, tasks: readonly Prepared<NewTask>[], now: Date): Promise<void> {
  if (tasks.length === 0) return;
  const rows = tasks.map(({ row, sealed, hashes }) => {
    const { description: _description, contact: _contact, ...plain } = row;
    return { ...plain, id: idOf('tas', row.key), ...sealed, ...hashes };
  });
  await tx.query(ADD_TASKS, [JSON.stringify(rows), now]);
}

export const TICKET_COLUMNS = `t.id, t.reason, t.team, t.priority, t.status, t.intent, t.customer_id as "customerId",
  t.conversation_id as "conversationId", t.created_at as "createdAt", t.identity, t.content as data`;

export const TASK_COLUMNS = `t.id, t.subject, t.order_number as "orderNumber", t.due_at as "dueAt", t.status,
  t.customer_id as "customerId", t.conversation_id as "conversationId", t.created_at as "createdAt", t.identity,
  t.content as data`;

interface Stored {
  identity: string;
  data: Buffer;
}
export type TicketRow = Omit<Ticket, 'transcript' | 'profile'> & { status: TicketStatus } & Stored;
export type TaskRow = Omit<Task, 'description' | 'dueAt'> & { status: TaskStatus; dueAt: Date | null } & Stored;

/** Tickets of rows; what was about somebody erased is empty then. */
export async function ticketsOf(persons: Persons, rows: readonly TicketRow[]): Promise<Ticket[]> {
  const texts = await persons.unseal(rows);
  return rows.map(({ identity: _identity, data: _data, ...row }, n) => {
    const content = JSON.parse(texts[n] ?? '{"transcript":"","profile":""}') as Pick<Ticket, 'transcript' | 'profile'>;
    return { ...row, ...content };
  });
}

/** Tasks of rows; what was about somebody erased is empty then. */
export async function tasksOf(persons: Persons, rows: readonly TaskRow[]): Promise<Task[]> {
  const texts = await persons.unseal(rows);
  return rows.map(({ identity: _identity, data: _data, dueAt, ...row }, n) => {
    return { ...row, ...(dueAt ? { dueAt } : {}), description: texts[n] ?? '' };
  });
}
