import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** How functions of the vault run: as its owner, and with nothing on the search path that somebody else could put there. */
export const DEFINER = 'security definer set search_path = vault, pg_temp';

/** Per known hash among `hashes`: the person at the root of its merges, and every key of that person's members. */
export const FOLLOWING_MERGES = `with recursive up as (
      select i.hash, p.id, p.merged_into from identity i join person p on p.id = i.person_id where i.hash = any (hashes)
      union all select up.hash, p.id, p.merged_into from up join person p on p.id = up.merged_into
    ), roots as (select up.hash, up.id from up where up.merged_into is null),
    down as (
      select distinct r.id as root, r.id from roots r
      union all select d.root, p.id from down d join person p on p.merged_into = d.id
    ) select r.hash, r.id, k.person_id, k.master_key_id, k.wrapped
      from roots r join down d on d.root = r.id join person_key k on k.person_id = d.id`;

/**
 * Following merges both ways costs a millisecond however few are asked for, and almost nobody is merged: so first those who are not,
 * and only what is left by recursion. Both look at the snapshot of the calling statement.
 */
export class FindUnmergedFirst1764000500000 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function find_merged(hashes text[])
      returns table (hash text, person_id uuid, key_person_id uuid, master_key_id text, wrapped bytea)
      language sql stable ${DEFINER} as $$ ${FOLLOWING_MERGES} $$;

      create or replace function find_persons(hashes text[])
      returns table (hash text, person_id uuid, key_person_id uuid, master_key_id text, wrapped bytea)
      language plpgsql stable ${DEFINER} set plan_cache_mode = 'force_generic_plan' as $$
      declare
        found_rows bigint;
        merged text[];
      begin
        return query
          select i.hash, p.id, k.person_id, k.master_key_id, k.wrapped
          from identity i join person p on p.id = i.person_id join person_key k on k.person_id = p.id
          where i.hash = any (hashes) and p.merged_into is null and not exists (select from person m where m.merged_into = p.id);
        get diagnostics found_rows = row_count;
        if found_rows = cardinality(hashes) then return; end if;
        merged := array(
          select i.hash from identity i join person p on p.id = i.person_id
          where i.hash = any (hashes)
            and (p.merged_into is not null or exists (select from person m where m.merged_into = p.id)));
        if cardinality(merged) > 0 then return query select * from find_merged(merged); end if;
      end $$;
    `);
  }
}
