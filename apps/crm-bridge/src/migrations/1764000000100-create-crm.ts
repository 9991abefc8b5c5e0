import { ForwardMigration, idempotencyTableSql, inboxTableSql, outboxTableSql } from '@parley/postgres';
import type { QueryRunner } from 'typeorm';

// Everywhere: `identity` finds the key of the person a row is about, `record`, `body` or `content` lies under that key, and
// phone_hash and user_hash are keyed hashes to look up by (the phone in its canonical form). Empty hashes are null.
const CUSTOMERS = `
  create table customers (
    id text primary key,
    identity text not null,
    -- Name, phone, WhatsApp user id, e-mail and notes.
    record bytea not null,
    language text not null,
    time_zone text not null,
    tier text not null,
    tags text[] not null,
    lifetime_amount numeric,
    lifetime_currency text,
    -- Keyed, of the row as it was loaded; null for rows that no import has written.
    fingerprint text
  );

  create table customer_keys (
    hash text not null,
    customer_id text not null references customers on delete cascade,
    primary key (hash, customer_id)
  );
  create index customer_keys_of_customer on customer_keys (customer_id);

  -- Kept by contact and not by customer: a word said today counts for a customer who is loaded tomorrow.
  create table consent_flags (
    hash text not null,
    purpose text not null,
    granted boolean not null,
    at timestamptz not null,
    evidence_ref text not null,
    primary key (hash, purpose)
  );
`;

const CONVERSATIONS = `
  create table entries (
    message_id text primary key,
    seq bigint generated always as identity,
    conversation_id text not null,
    direction text not null,
    author text not null,
    at timestamptz not null,
    customer_id text not null,
    phone_hash text,
    user_hash text,
    identity text not null,
    body bytea not null
  );
  create index entries_of_phone on entries (phone_hash, at desc, seq desc) where phone_hash is not null;
  create index entries_of_user on entries (user_hash, at desc, seq desc) where user_hash is not null;

  -- Apart from the entries, because it may be known before the entry is: two producers, no order between them.
  create table wamids (send_id text primary key, wamid text not null);
`;

const WORK = `
  create table tickets (
    id text primary key,
    key text not null unique,
    seq bigint generated always as identity,
    reason text not null,
    team text not null,
    priority text not null,
    status text not null,
    intent text not null,
    customer_id text not null,
    conversation_id text not null,
    phone_hash text,
    user_hash text,
    identity text not null,
    -- Transcript and profile.
    content bytea not null,
    created_at timestamptz not null
  );
  create index tickets_of_customer on tickets (customer_id);
  create index tickets_of_phone on tickets (phone_hash) where phone_hash is not null;

  create table tasks (
    id text primary key,
    key text not null unique,
    seq bigint generated always as identity,
    subject text not null,
    order_number text not null,
    due_at timestamptz,
    status text not null,
    customer_id text not null,
    conversation_id text not null,
    phone_hash text,
    user_hash text,
    identity text not null,
    -- Description.
    content bytea not null,
    created_at timestamptz not null
  );
  create index tasks_of_customer on tasks (customer_id);
  create index tasks_of_phone on tasks (phone_hash) where phone_hash is not null;

  create table leads (
    id text primary key,
    key text not null unique,
    phone_hash text,
    identity text not null,
    -- Name, phone and interest.
    content bytea not null,
    created_at timestamptz not null
  );
`;

// The answer is the id of what a write made; the hash of a request is keyed, since requests hold phone numbers.
const HOUSEKEEPING = `${idempotencyTableSql('text')}
  create table demo_data (one boolean primary key default true check (one), written_at timestamptz not null default now());
`;

/** Customers, conversations, tickets, tasks and leads of the built-in CRM. */
export class CreateCrm1764000000100 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(CUSTOMERS + CONVERSATIONS + WORK + HOUSEKEEPING + inboxTableSql + outboxTableSql);
  }
}
