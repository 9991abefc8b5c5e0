import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';
import type { MigrationClass } from './migrations.js';
import { EraseMany1764000200000 } from './vault-erasure.js';
import { DEFINER, FindUnmergedFirst1764000500000, FOLLOWING_MERGES } from './vault-persons.js';

/** The schema of keys: dumped apart, its backups kept 30 days at most. */
export const VAULT_SCHEMA = 'vault';

const TABLES = `
  -- A person, and into whom it was merged; the row outlives the key as the record of an erasure.
  create table person (
    id uuid primary key,
    created_at timestamptz not null default now(),
    erased_at timestamptz,
    merged_into uuid references person
  );
  create index person_merged_into on person (merged_into) where merged_into is not null;

  create table person_key (
    person_id uuid primary key references person,
    master_key_id text not null,
    wrapped bytea not null
  );

  -- Keyed hashes of phone numbers, user ids and e-mail addresses. Stays with its person through a merge, so that it can be undone.
  create table identity (
    hash text primary key,
    person_id uuid not null references person,
    linked_at timestamptz not null default now()
  );
  create index identity_person_id on identity (person_id);

  create table merge (
    id bigint generated always as identity primary key,
    person_id uuid not null references person,
    into_id uuid not null references person,
    merged_at timestamptz not null default now(),
    undone_at timestamptz
  );
  create index merge_person_id on merge (person_id);

  create table topic_key (
    id uuid primary key,
    topic text not null,
    day date not null,
    master_key_id text not null,
    wrapped bytea not null,
    unique (topic, day)
  );

  create table master_key_check (one boolean primary key default true check (one), fingerprint text not null);
`;

const HELPERS = `
  create function root_of(uuid) returns uuid language sql stable as $$
    with recursive up as (
      select id, merged_into from vault.person where id = $1
      union all select p.id, p.merged_into from up join vault.person p on p.id = up.merged_into
    ) select id from up where merged_into is null $$;

  create function members_of(uuid) returns setof uuid language sql stable as $$
    with recursive down as (
      select $1 as id
      union all select p.id from down join vault.person p on p.merged_into = down.id
    ) select id from down $$;

  -- Everything that changes who is who takes this lock: linking is rare (once per customer) and batched, and being alone
  -- spares every race between linking, merging and erasing.
  create function alone() returns void language sql as $$ select pg_advisory_xact_lock(7308332191486046001) $$;

  create function kept_apart(uuid, uuid) returns boolean language sql stable as $$
    select exists (
      select from vault.merge m where m.undone_at is not null and (
        (m.person_id in (select vault.members_of($1)) and m.into_id in (select vault.members_of($2))) or
        (m.person_id in (select vault.members_of($2)) and m.into_id in (select vault.members_of($1))))) $$;
`;

const PERSONS = `
  -- Per known hash: the person at the root of its merges, and every key of that person's members.
  create function find_persons(hashes text[])
  returns table (hash text, person_id uuid, key_person_id uuid, master_key_id text, wrapped bytea)
  language sql stable ${DEFINER} as $$
    ${FOLLOWING_MERGES} $$;

  -- groups: [{"person": uuid, "masterKeyId": text, "wrapped": base64, "hashes": [text]}]. The hashes of a group become those
  -- of one person: the given new one if none is known, else the oldest known, into which the others are merged.
  create function link_persons(groups jsonb) returns void language plpgsql ${DEFINER} as $$
  declare g jsonb; hashes text[]; roots uuid[]; target uuid; other uuid;
  begin
    perform alone();
    for g in select * from jsonb_array_elements(groups) loop
      hashes := array(select jsonb_array_elements_text(g->'hashes'));
      roots := array(
        select p.id from person p where p.id in (select root_of(i.person_id) from identity i where i.hash = any (hashes))
        order by p.created_at, p.id);
      target := roots[1];
      if target is null then
        target := (g->>'person')::uuid;
        insert into person (id) values (target);
        insert into person_key (person_id, master_key_id, wrapped)
          values (target, g->>'masterKeyId', decode(g->>'wrapped', 'base64'));
      end if;
      foreach other in array roots[2:] loop
        continue when kept_apart(target, other);
        update person set merged_into = target where id = other;
        insert into merge (person_id, into_id) values (other, target);
        perform pg_notify('parley_vault', '');
      end loop;
      insert into identity (hash, person_id) select h, target from unnest(hashes) h on conflict do nothing;
    end loop;
  end $$;

  create function erase_person(identity_hash text) returns boolean language plpgsql ${DEFINER} as $$
  declare members uuid[];
  begin
    perform alone();
    members := array(select members_of(root_of(i.person_id)) from identity i where i.hash = identity_hash);
    delete from person_key where person_id = any (members);
    delete from identity where person_id = any (members);
    update person set erased_at = now() where id = any (members);
    perform pg_notify('parley_vault', '');
    return cardinality(members) > 0;
  end $$;

  create function merges_of(identity_hash text)
  returns table (id bigint, person_id uuid, into_id uuid, merged_at timestamptz, undone_at timestamptz)
  language sql stable ${DEFINER} as $$
    select m.id, m.person_id, m.into_id, m.merged_at, m.undone_at from merge m
    where m.person_id in (select members_of(root_of(i.person_id)) from identity i where i.hash = identity_hash)
       or m.into_id in (select members_of(root_of(i.person_id)) from identity i where i.hash = identity_hash)
    order by m.id $$;

  create function undo_merge(merge_id bigint) returns boolean language plpgsql ${DEFINER} as $$
  begin
    perform alone();
    update merge set undone_at = now() where id = merge_id and undone_at is null;
    if not found then return false; end if;
    update person p set merged_into = null from merge m where m.id = merge_id and p.id = m.person_id;
    perform pg_notify('parley_vault', '');
    return true;
  end $$;

  -- The first caller decides; a process with another master key would find nobody and make everybody anew.
  create function check_master_key(given text) returns boolean language plpgsql ${DEFINER} as $$
  begin
    insert into master_key_check (fingerprint) values (given) on conflict do nothing;
    return exists (select from master_key_check c where c.fingerprint = given);
  end $$;
`;

const TOPICS = `
  -- The keys of some days of a topic; those that do not exist become the given ones. Two that ask at once get the same.
  create function ensure_topic_keys(of_topic text, days date[], ids uuid[], with_master_key_id text, keys bytea[])
  returns table (id uuid, day date, master_key_id text, wrapped bytea) language plpgsql ${DEFINER} as $$
  begin
    insert into topic_key (id, topic, day, master_key_id, wrapped)
      select n.id, of_topic, n.day, with_master_key_id, n.key from unnest(ids, days, keys) as n(id, day, key)
      order by n.day on conflict do nothing;
    return query select k.id, k.day, k.master_key_id, k.wrapped from topic_key k
      where k.topic = of_topic and k.day = any (days);
  end $$;

  create function find_topic_keys(ids uuid[]) returns table (id uuid, master_key_id text, wrapped bytea)
  language sql stable ${DEFINER} as $$
    select k.id, k.master_key_id, k.wrapped from topic_key k where k.id = any (ids) $$;

  -- Never one that the shortest retention (8 days) still needs, whatever the caller's clock says.
  create function destroy_topic_keys(of_topic text, before date) returns bigint language sql ${DEFINER} as $$
    with gone as (
      delete from topic_key where topic = of_topic and day < least(before, current_date - 8) returning 1
    ) select count(*) from gone $$;
`;

class CreateVault1764000000000 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES + HELPERS + PERSONS + TOPICS);
  }
}

/** Two databases with this schema look alike; what was encrypted with the keys of one cannot be read with those of the other. */
class NameVault1764000300000 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table vault_name (one boolean primary key default true check (one), id uuid not null default gen_random_uuid());
      insert into vault_name default values;
      create function vault_id() returns text language sql stable ${DEFINER} as $$ select id::text from vault_name $$;
    `);
  }
}

/**
 * Planned for a handful of hashes it was planned anew with every call, which took five times as long as finding them; and all
 * services ask all the time.
 */
class PlanOnce1764000400000 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter function find_persons(text[]) set plan_cache_mode = 'force_generic_plan'`);
  }
}

/** Migrations of the schema `vault`; `provision` runs them in every database that is to hold keys. */
export const vaultMigrations: MigrationClass[] = [
  CreateVault1764000000000,
  EraseMany1764000200000,
  NameVault1764000300000,
  PlanOnce1764000400000,
  FindUnmergedFirst1764000500000,
];
