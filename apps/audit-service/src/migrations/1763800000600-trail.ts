import { ForwardMigration, inboxTableSql } from '@parley/postgres';
import type { QueryRunner } from 'typeorm';

const TABLES = `
create table entry (
  day date not null,
  chain text collate "C" not null,
  sequence bigint not null check (sequence > 0),
  event_id text not null,
  topic text not null,
  action text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  customer text not null,
  order_number text not null,
  session text not null,
  tags bigint[] not null,
  metadata jsonb not null,
  sealed bytea not null,
  prev_hash bytea not null,
  hash bytea not null,
  -- The chain's name begins with the day, so this makes (chain, sequence) unique over all partitions.
  primary key (day, chain, sequence),
  check (starts_with(chain, to_char(day, 'YYYY-MM-DD') || '/'))
) partition by range (day);
-- One index for every way of looking: customer, order, session and request ids are tags.
create index on entry using gin (tags);

create table chain_head (
  chain text collate "C" primary key,
  sequence bigint not null,
  hash bytea not null
) with (fillfactor = 50);

create table customer_link (
  customer text not null,
  linked text not null,
  first_seen timestamptz not null default clock_timestamp(),
  primary key (customer, linked)
);`;

const APPEND_ONLY = `
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete on entry for each row execute function refuse_change();
create trigger no_truncate before truncate on entry for each statement execute function refuse_change();
create trigger append_only before update or delete on customer_link for each row execute function refuse_change();
create trigger no_truncate before truncate on customer_link for each statement execute function refuse_change();
create trigger no_removal before delete on chain_head for each row execute function refuse_change();
create trigger no_truncate before truncate on chain_head for each statement execute function refuse_change();`;

const PARTITIONS = `
-- Partitions are tables, which the service's role may not make. Several services at once: one makes, the others wait.
create function ensure_partitions(first date, days int) returns void
language plpgsql security definer set search_path from current as $$
declare d date; name text;
begin
  if days not between 0 and 31 or first not between current_date - 2 and current_date + 31 then
    raise exception 'partitions are made for days around today' using errcode = 'invalid_parameter_value';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('audit.partitions', 0));
  for d in select first + n from generate_series(0, days) as n loop
    name := 'entry_' || to_char(d, 'YYYYMMDD');
    if to_regclass(name) is null then
      execute format('create table %I partition of entry for values from (%L) to (%L)', name, d, d + 1);
      execute format('create trigger no_truncate before truncate on %I for each statement execute function refuse_change()', name);
    end if;
  end loop;
end $$;
select ensure_partitions(current_date, 7);`;

/** The entries, a partition for each UTC day; where each chain ends; which pseudonyms are one person; the inbox. */
export class Trail1763800000600 extends ForwardMigration {
  readonly name = 'Trail1763800000600';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES + APPEND_ONLY + PARTITIONS);
    await runner.query(inboxTableSql);
  }
}
