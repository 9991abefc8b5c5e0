import type { Database } from '@parley/postgres';
import { ticketErased, ticketNotFound } from '../../domain/errors.js';
import { continued, type Ticket, type TranscriptAddition } from '../../domain/work.js';
import type { Persons } from './persons.js';

// Only while the ticket is still about the same person.
const ADD = `with added as (
    insert into ticket_additions (ticket_id, last_message_id, identity, content)
    select t.id, $2, t.identity, $4::bytea from tickets t where t.id = $1 and t.identity = $3
    on conflict (ticket_id, last_message_id) do nothing returning ticket_id
  ) update tickets t set status = t.status from added a where t.id = a.ticket_id`;

const READ =
  'select ticket_id as id, identity, content as data from ticket_additions where ticket_id = any($1::text[]) order by seq';

type Row = { id: string; identity: string; data: Buffer };

/** Adds lines to a ticket, once by the id of the last message. */
export async function addLines(
  db: Database,
  persons: Persons,
  id: string,
  addition: TranscriptAddition,
): Promise<void> {
  const [ticket] = await db.query<{ identity: string }>('select identity from tickets where id = $1', [id]);
  if (!ticket) throw ticketNotFound();
  if (ticket.identity === persons.nobody) throw ticketErased();
  const text = addition.lines.join('\n');
  const [sealed] = await persons.seal([{ identities: [ticket.identity], text }]);
  await db.query(ADD, [id, addition.lastMessageId, ticket.identity, sealed?.data]);
}

/** Tickets with what was added to their transcripts. */
export async function withAdditions(db: Database, persons: Persons, tickets: readonly Ticket[]): Promise<Ticket[]> {
  const rows = await db.query<Row>(READ, [tickets.map(({ id }) => id)]);
  const texts = await persons.unseal(rows);
  return tickets.map((ticket) => {
    const added = rows.flatMap((row, n) => (row.id === ticket.id ? [texts[n] ?? ''] : []));
    return { ...ticket, transcript: continued(ticket.transcript, added) };
  });
}
