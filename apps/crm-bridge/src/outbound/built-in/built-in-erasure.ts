import type { Database } from '@parley/postgres';
import type { ErasedContact, ErasedTable } from '../../domain/erasure.js';
import { Erasure } from '../../ports/erasure.port.js';
import type { Persons } from './persons.js';

// A contact's rows are found by the hashes it was named by, and by all keys of its customers.
const ERASE = `with asked as (
    select * from jsonb_to_recordset($1::jsonb) as r(n integer, hashes text[], ids text[], at timestamptz)
  ), ours as (
    select a.n, c.id from asked a join customers c on c.id = any(a.ids) or c.identity = any(a.hashes)
    union select a.n, k.customer_id from asked a join customer_keys k on k.hash = any(a.hashes)
  ), hashes as (
    select a.n, unnest(a.hashes) as hash from asked a
    union select o.n, k.hash from ours o join customer_keys k on k.customer_id = o.id
  ), noted as (
    insert into erased (hash, erased_at) select h.hash, max(a.at) from hashes h join asked a using (n) group by h.hash
    order by h.hash on conflict (hash) do update set erased_at = greatest(erased.erased_at, excluded.erased_at) returning 1
  ), found as (
    select h.n, e.message_id from hashes h join entries e on e.phone_hash = h.hash
    union select h.n, e.message_id from hashes h join entries e on e.user_hash = h.hash
  ), gone_customers as (delete from customers c using ours o where c.id = o.id returning o.n
  ), gone_entries as (delete from entries e using found f where e.message_id = f.message_id returning f.n, e.message_id
  ), gone_wamids as (delete from wamids w using found f where w.send_id = f.message_id returning f.n
  ), gone_leads as (
    delete from leads l using hashes h where h.hash in (l.identity, l.phone_hash) returning h.n
  ), gone_activities as (
    delete from activities v using hashes h where h.hash in (v.identity, v.phone_hash, v.user_hash) returning h.n
  ), gone_additions as (delete from ticket_additions d using hashes h where h.hash = d.identity returning h.n
  ), gone_changes as (delete from changes g using ours o where g.kind = 'customer' and g.id = o.id returning o.n
  ), gone_flags as (delete from consent_flags f using hashes h where f.hash = h.hash and f.granted returning h.n
  ), empty_tickets as (
    update tickets t set phone_hash = null, user_hash = null, customer_id = '', conversation_id = '', identity = $2,
      content = $3::bytea
    from hashes h where h.hash in (t.identity, t.phone_hash, t.user_hash) returning h.n
  ), empty_tasks as (
    update tasks t set phone_hash = null, user_hash = null, customer_id = '', conversation_id = '', identity = $2,
      content = $4::bytea
    from hashes h where h.hash in (t.identity, t.phone_hash, t.user_hash) returning h.n
  ), counted as (
    select n, 'crm.customers' as "table", 'deleted' as effect from gone_customers
    union all select n, 'crm.entries', 'deleted' from gone_entries
    union all select n, 'crm.wamids', 'deleted' from gone_wamids
    union all select n, 'crm.leads', 'deleted' from gone_leads
    union all select n, 'crm.activities', 'deleted' from gone_activities
    union all select n, 'crm.ticket_additions', 'deleted' from gone_additions
    union all select n, 'crm.changes', 'deleted' from gone_changes
    union all select n, 'crm.consent_flags', 'deleted' from gone_flags
    union all select n, 'crm.tickets', 'emptied' from empty_tickets
    union all select n, 'crm.tasks', 'emptied' from empty_tasks
  ) select n, "table", effect, count(*) as rows from counted group by n, "table", effect order by n, "table"`;

const ERASED = 'select hash, erased_at as at from erased where hash = any($1::text[])';

type CountRow = ErasedTable & { n: number };

/** Removes persons from the tables of the built-in CRM, a batch of them in one statement. */
export class BuiltInErasure extends Erasure {
  constructor(
    private readonly db: Database,
    private readonly persons: Persons,
  ) {
    super();
  }

  async erase(contacts: readonly ErasedContact[]): Promise<ErasedTable[][]> {
    if (contacts.length === 0) return [];
    const asked = contacts.map(({ identities, customerIds, erasedAt }, n) => {
      return { n, hashes: identities, ids: customerIds, at: erasedAt };
    });
    const [ticket, task] = await this.persons.sealForNobody([JSON.stringify({ transcript: '', profile: '' }), '']);
    const rows = await this.db.query<CountRow>(ERASE, [
      ...[JSON.stringify(asked), ticket?.identity, ticket?.data, task?.data],
    ]);
    const tables: ErasedTable[][] = contacts.map(() => []);
    for (const { n, table, effect, rows: count } of rows) tables[n]?.push({ table, effect, rows: count });
    return tables;
  }
}

/** When those of these hashes who were erased were. */
export async function erasedAmong(db: Database, hashes: readonly string[]): Promise<Map<string, Date>> {
  if (hashes.length === 0) return new Map();
  const rows = await db.query<{ hash: string; at: Date }>(ERASED, [hashes]);
  return new Map(rows.map(({ hash, at }) => [hash, at]));
}
