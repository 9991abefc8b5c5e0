import type { Database } from '@parley/postgres';
import { Erasure, type ErasedContact, type ErasedTable } from '../../ports/erasure.port.js';
import { CHANGED_CHANNEL } from './postgres-changes.js';

// Conversations that an identity leads or led to, and those they were merged with. Locked in the order that every commit uses;
// a turn in progress finds its conversation gone, and is run again as the first one of a new conversation.
const ERASE = `with recursive asked as (
    select * from jsonb_to_recordset($1::jsonb) as r(n integer, hashes text[])
  ), found as (
    select a.n, i.conversation_id as id from asked a join identity i on i.hash = any(a.hashes)
    union select f.n, other.id from found f join conversation c on c.id = f.id
      join conversation other on other.merged_into = c.id or other.id = c.merged_into
  ), held as materialized (
    select c.id from conversation c where c.id in (select id from found) order by c.id for update
  ), gone_lines as (
    delete from message m using held where m.conversation_id = held.id returning held.id
  ), gone_frames as (
    delete from journal j using held where j.conversation_id = held.id returning held.id
  ), gone_replies as (
    delete from agent_reply r using held where r.conversation_id = held.id returning held.id
  ), gone_identities as (
    delete from identity i using held where i.conversation_id = held.id returning held.id
  ), gone as (
    delete from conversation c using held where c.id = held.id returning held.id
  ), told as (
    select pg_notify($2, id::text) from gone
  ), counted as (
    select id, 'conversation.message' as "table" from gone_lines
    union all select id, 'conversation.journal' from gone_frames
    union all select id, 'conversation.agent_reply' from gone_replies
    union all select id, 'conversation.identity' from gone_identities
    union all select id, 'conversation.conversation' from gone
  ) select f.n, k."table", 'deleted' as effect, count(*) as rows, (select count(*) from told) as told
    from counted k join found f using (id) group by f.n, k."table" order by f.n, k."table"`;

/** Removes conversations from the tables, those of many persons in one statement. */
export class PostgresErasure extends Erasure {
  constructor(private readonly db: Database) {
    super();
  }

  override async erase(contacts: readonly ErasedContact[]): Promise<ErasedTable[][]> {
    if (contacts.length === 0) return [];
    const asked = JSON.stringify(contacts.map(({ identities }, n) => ({ n, hashes: identities })));
    const rows = await this.db.query<ErasedTable & { n: number }>(ERASE, [asked, CHANGED_CHANNEL]);
    const tables: ErasedTable[][] = contacts.map(() => []);
    for (const { n, table, effect, rows: count } of rows) tables[n]?.push({ table, effect, rows: count });
    return tables;
  }
}
