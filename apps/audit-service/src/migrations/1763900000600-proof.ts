import { ForwardMigration } from '@parley/postgres';
import type { QueryRunner } from 'typeorm';

const SIGNATURES = `
-- A day to whose chains nothing can be added any more; signing it comes after.
create table closed_day (day date primary key, closed_at timestamptz not null default clock_timestamp());

create table signed_day (
  day date primary key,
  chains int not null,
  entries bigint not null,
  heads bytea not null,
  previous bytea not null,
  signed_at timestamptz not null,
  key_id text not null,
  signature bytea not null
);

-- Where each chain ended. Kept for good: these rows outlive the entries they vouch for.
create table signed_head (
  day date not null references signed_day,
  chain text collate "C" not null primary key,
  sequence bigint not null,
  hash bytea not null,
  root bytea not null,
  previous bytea not null,
  signed_at timestamptz not null,
  key_id text not null,
  signature bytea not null
);
create index on signed_head (day);

create table retired_day (
  day date primary key references signed_day,
  chains int not null,
  entries bigint not null,
  retired_at timestamptz not null,
  key_id text not null,
  signature bytea not null
);`;

const ERASURES = `
-- An erasure begins with its row, so that what was interrupted is found and finished.
create table erasure (
  id uuid primary key,
  pseudonym text not null,
  -- Keyed hashes the person was known by: the services are told these, and late evidence is recognised by them.
  identities text[] not null,
  -- Ids of the person's customers in the CRM, which name them to the ERP.
  customer_ids text[] not null,
  reason text not null,
  requested_at timestamptz not null
);
create table erasure_identity (
  hash text not null,
  erasure_id uuid not null references erasure,
  erased_at timestamptz not null,
  primary key (hash, erasure_id)
);
create table erasure_statement (
  erasure_id uuid primary key references erasure,
  statement jsonb not null,
  key_id text not null,
  signature bytea not null
);`;

const TABLES = ['closed_day', 'signed_day', 'signed_head', 'retired_day', 'erasure', 'erasure_identity'];

const APPEND_ONLY = [...TABLES, 'erasure_statement']
  .map(
    (table) => `
create trigger append_only before update or delete on ${table} for each row execute function refuse_change();
create trigger no_truncate before truncate on ${table} for each statement execute function refuse_change();`,
  )
  .join('');

const CLOSED = `
create function refuse_closed_day() returns trigger language plpgsql as $$
begin
  if exists (select from closed_day where day = left(new.chain, 10)::date) then
    raise exception 'the day is over' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger closed_day before insert or update on chain_head for each row execute function refuse_closed_day();`;

const RETIRE = `
-- Removes a day's partition. Only a signed day, never one younger than 90 days whatever the caller's clock says, and never
-- without the signed note of it.
create function retire_day(of_day date, of_chains int, of_entries bigint, at timestamptz, by_key text, with_signature bytea)
returns boolean language plpgsql security definer set search_path from current as $$
begin
  if of_day >= current_date - 90 then
    raise exception 'entries are kept for 90 days at least' using errcode = 'invalid_parameter_value';
  end if;
  insert into retired_day (day, chains, entries, retired_at, key_id, signature)
    values (of_day, of_chains, of_entries, at, by_key, with_signature) on conflict do nothing;
  if not found then return false; end if;
  execute format('drop table if exists %I', 'entry_' || to_char(of_day, 'YYYYMMDD'));
  return true;
end $$;`;

/** Signed heads, days that are over, retention, and what erasures leave behind. */
export class Proof1763900000600 extends ForwardMigration {
  readonly name = 'Proof1763900000600';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(SIGNATURES + ERASURES + APPEND_ONLY + CLOSED + RETIRE);
  }
}
