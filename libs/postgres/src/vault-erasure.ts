import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

const DEFINER = 'security definer set search_path = vault, pg_temp';

const MANY = `
  -- Every identity of the person that a hash leads to, those of merged persons too.
  create function identities_of(hashes text[]) returns table (asked text, person_id uuid, hash text)
  language sql stable ${DEFINER} as $$
    select i.hash, r.id, other.hash
    from identity i cross join lateral (select root_of(i.person_id) as id) r
      join identity other on other.person_id in (select members_of(r.id))
    where i.hash = any (hashes) $$;

  -- Many at once: one lock, one notification. Returns, per hash that led to somebody, how many keys were destroyed.
  create function erase_persons(hashes text[]) returns table (asked text, person_id uuid, keys bigint)
  language plpgsql ${DEFINER} as $$
  begin
    perform alone();
    return query
      with asked as (
        select i.hash, root_of(i.person_id) as root from identity i where i.hash = any (hashes)
      ), members as (
        select distinct a.root, m as id from asked a cross join lateral members_of(a.root) m
      ), destroyed as (
        delete from person_key k using members m where k.person_id = m.id returning m.root
      ), unlinked as (
        delete from identity i using members m where i.person_id = m.id returning 1
      ), noted as (
        update person p set erased_at = now() from members m where p.id = m.id returning 1
      ) select a.hash, a.root, (select count(*) from destroyed d where d.root = a.root) from asked a;
    perform pg_notify('parley_vault', '');
  end $$;
`;

/** Persons erased by the hundred, and the identities of a person. */
export class EraseMany1764000200000 extends ForwardMigration {
  readonly name = 'EraseMany1764000200000';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(MANY);
  }
}
