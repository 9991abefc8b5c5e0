import type { Tx } from '@parley/postgres';
import type { Author, Delivery, Direction, Entry, NewEntry } from '../../domain/conversation.js';
import type { Persons } from './persons.js';

// A customer nobody named is the one that the contact's user id or phone belongs to, if it is one and not several.
const MATCHED = `coalesce(nullif(r.customer_id, ''), (
    select min(k.customer_id) from customer_keys k where k.hash in (r.user_hash, r.phone_hash)
    having count(distinct k.customer_id) = 1), '')`;

const ADD = `insert into entries
    (message_id, conversation_id, direction, author, at, customer_id, phone_hash, user_hash, identity, body)
  select r.message_id, r.conversation_id, r.direction, r.author, r.at, ${MATCHED}, r.phone_hash, r.user_hash,
    r.identity, r.body
  from rows from (jsonb_to_recordset($1::jsonb) as (message_id text, conversation_id text, direction text, author text,
    at timestamptz, customer_id text, phone_hash text, user_hash text, identity text, body bytea)) with ordinality as r
  order by r.ordinality on conflict (message_id) do nothing returning message_id`;

const SETTLE = `insert into wamids (send_id, wamid)
  select r.send_id, r.wamid from jsonb_to_recordset($1::jsonb) as r(send_id text, wamid text)
  order by r.send_id on conflict (send_id) do nothing`;

// Lines with a contact: by its own hashes, and by all keys of the customer it belongs to, if it is one and not several.
const LIST = `with known as (
    select min(customer_id) as id from customer_keys where hash = any($1::text[]) having count(distinct customer_id) = 1
  ), hashes as (
    select unnest($1::text[]) as hash union select k.hash from customer_keys k join known on k.customer_id = known.id)
  select e.message_id as "messageId", e.conversation_id as "conversationId", e.direction, e.author, e.at, e.identity,
    e.body as data, coalesce(nullif(e.customer_id, ''), (select id from known), '') as "customerId",
    case e.direction when 'inbound' then e.message_id else coalesce(w.wamid, '') end as wamid
  from entries e left join wamids w on w.send_id = e.message_id
  where e.phone_hash in (select hash from hashes) or e.user_hash in (select hash from hashes)
  order by e.at desc, e.seq desc limit $2`;

/** Seals the lines; a row for `addEntries` each. */
export async function entryRows(persons: Persons, entries: readonly NewEntry[]): Promise<EntryRow[]> {
  const sealed = await persons.seal(
    entries.map(({ contact, conversationId, text }) => {
      return { identities: persons.identities(contact, conversationId), text };
    }),
  );
  return entries.map((entry, n) => {
    const { phoneHash, userHash } = persons.hashes(entry.contact);
    return {
      message_id: entry.messageId,
      conversation_id: entry.conversationId,
      direction: entry.direction,
      author: entry.author,
      at: entry.at,
      customer_id: entry.customerId,
      phone_hash: phoneHash,
      user_hash: userHash,
      identity: sealed[n]?.identity ?? '',
      body: sealed[n]?.data ?? '',
    };
  });
}

export interface EntryRow {
  message_id: string;
  conversation_id: string;
  direction: Direction;
  author: Author;
  at: Date;
  customer_id: string;
  phone_hash: string | null;
  user_hash: string | null;
  identity: string;
  body: string;
}

/** Writes lines that are not there yet, in their order; returns how many. */
export async function addEntries(tx: Tx, rows: readonly EntryRow[]): Promise<number> {
  if (rows.length === 0) return 0;
  return (await tx.query(ADD, [JSON.stringify(rows)])).length;
}

/** Remembers the wamids of outbound messages, the first of each. */
export async function settle(tx: Tx, deliveries: readonly Delivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  const rows = deliveries.map(({ sendId, wamid }) => ({ send_id: sendId, wamid }));
  await tx.query(SETTLE, [JSON.stringify(rows)]);
}

/** The wamids that come with outbound lines themselves. */
export function deliveriesOf(entries: readonly NewEntry[]): Delivery[] {
  return entries.flatMap(({ direction, messageId, wamid }) => {
    return direction === 'outbound' && wamid !== '' ? [{ sendId: messageId, wamid }] : [];
  });
}

type StoredEntry = Omit<Entry, 'text'> & { identity: string; data: Buffer };

/** The latest lines by look-up hashes, oldest first; those of somebody erased are left out. */
export async function listEntries(db: Tx, persons: Persons, hashes: string[], limit: number): Promise<Entry[]> {
  const rows = await db.query<StoredEntry>(LIST, [hashes, limit]);
  const texts = await persons.unseal(rows);
  const entries = rows.flatMap(({ identity: _identity, data: _data, ...row }, n): Entry[] => {
    const text = texts[n];
    return text === undefined ? [] : [{ ...row, text }];
  });
  return entries.reverse();
}
