import { ForwardMigration, idempotencyTableSql, outboxTableSql } from '@parley/postgres';
import type { QueryRunner } from 'typeorm';

const CATALOGUE = `
  create table products (
    sku text primary key,
    name text not null,
    product_line text not null default '',
    price_amount numeric not null,
    price_currency text not null,
    on_hand integer not null,
    fingerprint text
  );

  -- Lines and shipments are read and written with their order only, so they live in it: one row to read on the hot path.
  create table orders (
    number_key text primary key,
    number text not null,
    customer_id text not null,
    placed_at timestamptz not null,
    status text not null,
    lines jsonb not null,
    shipments jsonb not null,
    -- Goods that were taken off the shelf for it, to be put back when it is cancelled.
    stock_taken boolean not null default false,
    -- Demonstration orders only: an arrival that is computed at reading.
    rolling_estimate jsonb,
    -- Of the row as it was loaded; null for rows that no import has written.
    fingerprint text
  );
  create index orders_of_customer on orders (customer_id, placed_at desc);

  create table order_returns (
    id text primary key,
    number_key text not null references orders,
    lines jsonb not null,
    reason text not null,
    created_at timestamptz not null
  );
`;

const STOCK = `
  create table reservations (
    id text primary key,
    customer_id text not null,
    expires_at timestamptz not null,
    state text not null check (state in ('held', 'released', 'confirmed'))
  );
  create index reservations_held on reservations (expires_at) where state = 'held';

  create table reservation_lines (
    reservation_id text not null references reservations on delete cascade,
    sku text not null references products,
    quantity integer not null check (quantity > 0),
    primary key (reservation_id, sku)
  );
  create index reservation_lines_of_sku on reservation_lines (sku);
`;

const BILLING = `
  create table invoices (
    number_key text primary key,
    number text not null,
    order_key text references orders,
    customer_id text not null,
    total_amount numeric not null,
    total_currency text not null,
    status text not null,
    due_on date not null,
    fingerprint text
  );
  create index invoices_of_customer on invoices (customer_id);

  create table payment_links (
    token text primary key,
    invoice_key text not null references invoices,
    expires_at timestamptz not null
  );

  create table refunds (
    id text primary key,
    number_key text not null references orders,
    amount numeric not null,
    currency text not null,
    created_at timestamptz not null
  );
  create index refunds_of_order on refunds (number_key);
`;

const FIELD_SERVICE = `
  -- Name and phone of a technician lie in record, under the person's key; identity finds that key.
  create table technicians (
    id text primary key,
    identity text not null,
    record bytea not null,
    skills text[] not null,
    fingerprint text
  );

  create table work_orders (
    number_key text primary key,
    number text not null,
    title text not null,
    site text not null,
    technician_id text references technicians,
    status text not null,
    scheduled_at timestamptz not null,
    priority text not null,
    fingerprint text
  );
`;

// The answer to a write may be its refusal.
const HOUSEKEEPING = `${idempotencyTableSql('jsonb')}
  create sequence numbers start 100001;

  create table demo_data (one boolean primary key default true check (one), written_at timestamptz not null default now());
`;

/** Catalogue, orders, stock, billing and work orders of the built-in ERP. */
export class CreateErp1764000000000 extends ForwardMigration {
  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(CATALOGUE + STOCK + BILLING + FIELD_SERVICE + HOUSEKEEPING + outboxTableSql);
  }
}
