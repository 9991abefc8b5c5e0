/**
 * For a service's first migration: a write, the hash of its request, and its answer once there is one. The same key does it
 * once. BRIN, because keys arrive in the order of `created_at` and only the purge asks for it.
 */
export function idempotencyTableSql(answer: 'text' | 'jsonb'): string {
  return `
  create table idempotency (
    key text primary key,
    request_hash text not null,
    answer ${answer},
    created_at timestamptz not null default now()
  );
  create index idempotency_created_at on idempotency using brin (created_at) with (autosummarize = on);
`;
}
