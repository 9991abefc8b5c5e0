import { ForwardMigration, inboxTableSql, outboxTableSql } from '@parley/postgres';
import type { QueryRunner } from 'typeorm';

export class CreateSends1763800000000 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table send (
        send_id text primary key,
        lane text not null check (lane in ('live', 'bulk')),
        partition int not null,
        topic_offset bigint not null,
        phone_number_id text not null,
        recipient text not null,
        identities text[] not null,
        message bytea not null,
        conversation_id text not null,
        traceparent text not null,
        state text not null
          check (state in ('queued', 'sending', 'in-doubt', 'waiting', 'settled', 'refused', 'needs-human')),
        status smallint not null default 0,
        message_id text not null default '',
        reason text not null default '',
        attempts int not null default 0,
        resent boolean not null default false,
        delivered_twice boolean not null default false,
        retry_at timestamptz,
        posted_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      ) with (fillfactor = 80);
      create index send_open on send (lane, partition, topic_offset)
        where state in ('queued', 'sending', 'in-doubt', 'waiting');
      create index send_message_id on send (message_id) where message_id <> '';
      create index send_posted on send (posted_at) where posted_at is not null;
      create index send_created on send using brin (created_at);

      create table number_channel (
        phone_number_id text primary key,
        free_at timestamptz not null default now(),
        stopped_reason text not null default ''
      ) with (fillfactor = 50);

      create table early_status (
        message_id text not null,
        status smallint not null,
        at timestamptz not null,
        reason text not null,
        phone_number_id text not null,
        received_at timestamptz not null default now(),
        primary key (message_id, status)
      );
    `);
    await runner.query(inboxTableSql);
    await runner.query(outboxTableSql);
  }
}
