import type { Tx } from './transaction.js';
import type { MasterKey } from './master-key.js';
import { personContext } from './person-cipher.js';
import { topicContext } from './topic-keys.js';

/**
 * Wraps again, under the current master key, up to 500 keys that an older one wraps, and returns how many; call it until
 * it returns 0. Needs an administrator's connection: services' roles cannot read the vault's tables.
 */
export async function rotateMasterKey(admin: Tx, keys: MasterKey): Promise<number> {
  const tables = [
    { table: 'vault.person_key', id: 'person_id', context: personContext },
    { table: 'vault.topic_key', id: 'id', context: topicContext },
  ];
  let done = 0;
  for (const { table, id, context } of tables) {
    const sql = `select ${id}::text as id, master_key_id, wrapped from ${table} where master_key_id <> $1 limit 500`;
    const rows = await admin.query<{ id: string; master_key_id: string; wrapped: Buffer }>(sql, [keys.id]);
    const fresh = rows.map((row) => {
      const key = keys.unwrap({ masterKeyId: row.master_key_id, wrapped: row.wrapped }, context(row.id));
      return keys.wrap(key, context(row.id)).wrapped;
    });
    const update = `update ${table} k set master_key_id = $1, wrapped = n.wrapped
      from unnest($2::uuid[], $3::bytea[]) as n(id, wrapped) where k.${id} = n.id`;
    if (rows.length > 0) await admin.query(update, [keys.id, rows.map((row) => row.id), fresh]);
    done += rows.length;
  }
  return done;
}
