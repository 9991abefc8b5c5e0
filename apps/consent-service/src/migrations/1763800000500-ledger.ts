import { ForwardMigration, inboxTableSql, outboxTableSql } from '@parley/postgres';
import type { QueryRunner } from 'typeorm';

/** The ledger, whom its entries are about, which identities belong together, the inbox and the outbox. */
export class Ledger1763800000500 extends ForwardMigration {
  readonly name = 'Ledger1763800000500';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table ledger (
        id uuid primary key,
        idempotency_key text not null,
        person_id text not null,
        phone_number_id text not null,
        contact bytea not null,
        purpose text not null check (purpose in ('marketing', 'utility', 'all')),
        granted boolean not null,
        said_at timestamptz not null,
        source text not null check (source <> ''),
        evidence_ref text not null check (evidence_ref <> ''),
        recorded_at timestamptz not null default clock_timestamp(),
        unique (idempotency_key, purpose)
      );
      create table ledger_identity (
        identity text not null,
        entry_id uuid not null references ledger (id),
        primary key (identity, entry_id)
      );
      create index on ledger_identity (entry_id);
      create table identity_link (
        identity text not null,
        linked text not null,
        first_seen timestamptz not null default clock_timestamp(),
        primary key (identity, linked)
      );

      create function refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception 'the consent ledger is append-only' using errcode = 'insufficient_privilege';
      end $$;
      create trigger append_only before update or delete on ledger for each row execute function refuse_change();
      create trigger append_only before update or delete on ledger_identity for each row execute function refuse_change();
      create trigger append_only before update or delete on identity_link for each row execute function refuse_change();
      create trigger no_truncate before truncate on ledger for each statement execute function refuse_change();
      create trigger no_truncate before truncate on ledger_identity for each statement execute function refuse_change();
      create trigger no_truncate before truncate on identity_link for each statement execute function refuse_change();
    `);
    await runner.query(inboxTableSql + outboxTableSql);
  }
}
