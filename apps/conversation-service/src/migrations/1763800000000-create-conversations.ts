import { ForwardMigration, inboxTableSql, outboxTableSql } from '@parley/postgres';
import type { QueryRunner } from 'typeorm';

const CONVERSATIONS = `
create table conversation (
  id uuid primary key,
  phone_number_id text not null,
  -- Whose key seals it; after a merge in the vault that of the older person.
  person_id text not null,
  state text not null default 'bot' check (state in ('bot', 'queued', 'human')),
  agent_id text not null default '',
  team text not null default '',
  handoff_reason text not null default '',
  language text not null default '',
  intent text not null default '',
  window_until timestamptz,
  customer_id text not null default '',
  -- Each sealed under the person's key: whom it is with, the name to show, the last thing said, where the dialog stands.
  contact bytea not null,
  display_name bytea,
  last_text bytea,
  dialog bytea,
  unread integer not null default 0,
  -- Every change is guarded by the version it was decided on.
  version bigint not null default 1,
  updated_at timestamptz not null,
  merged_into uuid references conversation (id)
);
create index conversation_latest on conversation (updated_at desc) where merged_into is null;
create index conversation_merged on conversation (merged_into) where merged_into is not null;

-- Which keyed hashes lead to which conversation. A row is ended, never removed, so that a merge can be taken back.
create table identity (
  id bigint generated always as identity primary key,
  phone_number_id text not null,
  hash text not null,
  kind text not null check (kind in ('wa_id', 'user_id')),
  conversation_id uuid not null references conversation (id),
  source text not null,
  evidence text not null default '',
  added_at timestamptz not null default now(),
  ended_at timestamptz
);
create unique index identity_current on identity (phone_number_id, hash) where ended_at is null;
create index identity_of_conversation on identity (conversation_id) where ended_at is null;`;

const MESSAGES = `
create table message (
  conversation_id uuid not null references conversation (id),
  message_id text not null,
  -- Order inside a conversation only, where the row lock of the conversation keeps it.
  seq bigint generated always as identity,
  direction text not null check (direction in ('inbound', 'outbound')),
  author text not null check (author in ('customer', 'bot', 'agent')),
  agent_id text not null default '',
  -- Text and choices, sealed under the person's key.
  body bytea not null,
  type text not null,
  at timestamptz not null,
  -- accepted 1 < sent 2 < failed 3 < delivered 4 < read 5 < played 6; the highest ever seen holds.
  settled smallint not null default 0,
  wamid text not null default '',
  failure_reason text not null default '',
  primary key (conversation_id, message_id)
);
create index message_transcript on message (conversation_id, seq);
create unique index message_sent on message (message_id) where direction = 'outbound';

-- Writing calls before they are made, so that a repeat repeats exactly this call.
create table journal (
  conversation_id uuid not null references conversation (id),
  message_id text not null,
  step_id text not null,
  begun bigint generated always as identity,
  frame bytea not null,
  result bytea,
  begun_at timestamptz not null default now(),
  primary key (conversation_id, message_id, step_id)
);

create table agent_reply (
  idempotency_key text primary key,
  conversation_id uuid not null references conversation (id),
  request_hash text not null,
  send_id text not null,
  at timestamptz not null default now()
);

-- Content as it was loaded: a conversation finishes on the version it began with, also after a restart.
create table content_version (
  version text primary key,
  documents jsonb not null,
  loaded_at timestamptz not null default now()
);`;

/** Conversations, their lines and identities, the journal of writing calls, and the marks of what was consumed. */
export class CreateConversations1763800000000 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(CONVERSATIONS);
    await runner.query(MESSAGES);
    await runner.query(inboxTableSql);
    await runner.query(outboxTableSql);
  }
}
