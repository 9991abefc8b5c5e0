import { ForwardMigration } from '@parley/postgres';
import type { QueryRunner } from 'typeorm';

const TABLES = `
  create table ticket_additions (
    ticket_id text not null references tickets on delete cascade,
    last_message_id text not null,
    seq bigint generated always as identity,
    identity text not null,
    -- Lines of a transcript.
    content bytea not null,
    primary key (ticket_id, last_message_id)
  );
  create index ticket_additions_of_identity on ticket_additions (identity);

  create table activities (
    dedupe_key text primary key,
    seq bigint generated always as identity,
    kind text not null,
    at timestamptz not null,
    phone_hash text,
    user_hash text,
    identity text not null,
    body bytea not null
  );
  create index activities_of_phone on activities (phone_hash, at desc, seq desc) where phone_hash is not null;
  create index activities_of_user on activities (user_hash, at desc, seq desc) where user_hash is not null;
  create index activities_of_identity on activities (identity);

  -- In the order of transactions: what commits late has a number that nobody has read past.
  create table changes (
    tx xid8 not null default pg_current_xact_id(),
    seq bigint generated always as identity,
    kind text not null,
    id text not null,
    at timestamptz not null default now(),
    primary key (tx, seq)
  );
  create index changes_of on changes (kind, id);

  create function note_changes() returns trigger language plpgsql as $$
  begin
    insert into changes (kind, id) select tg_argv[0], changed.id from changed;
    return null;
  end $$;
`;

const WATCHED = { customers: 'customer', tickets: 'ticket', tasks: 'task' };

const TRIGGERS = Object.entries(WATCHED)
  .flatMap(([table, kind]) =>
    ['insert', 'update'].map(
      (event) => `create trigger note_${event} after ${event} on ${table} referencing new table as changed
        for each statement execute function note_changes('${kind}');`,
    ),
  )
  .join('\n');

/** Activities, lines added to tickets, and a feed of what changed. */
export class ActivitiesAndChanges1764000300100 extends ForwardMigration {
  readonly name = 'ActivitiesAndChanges1764000300100';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES + TRIGGERS);
  }
}
