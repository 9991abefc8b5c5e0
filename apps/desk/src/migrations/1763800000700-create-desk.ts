import { ForwardMigration } from '@parley/postgres';
import type { QueryRunner } from 'typeorm';

/** Accounts, their sessions, and how often sign-ins were tried. */
export class CreateDesk1763800000700 extends ForwardMigration {
  readonly name = 'CreateDesk1763800000700';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table account (
        id uuid primary key,
        name text not null check (name <> ''),
        email text not null unique check (email = lower(email) and email <> ''),
        password_hash text not null,
        created_at timestamptz not null default clock_timestamp(),
        password_changed_at timestamptz not null default clock_timestamp()
      );
      create table session (
        token_hash bytea primary key check (octet_length(token_hash) = 32),
        account_id uuid not null references account (id) on delete cascade,
        started_at timestamptz not null,
        last_seen_at timestamptz not null
      );
      create index on session (account_id);
      create table sign_in_attempt (
        key text primary key,
        count integer not null,
        began_at timestamptz not null
      );
      create index on sign_in_attempt (began_at);
    `);
  }
}
