export const ENSURE_PARTITIONS = 'select ensure_partitions($1::date, $2::int)';

export const INSERT_LINKS = `
  insert into customer_link (customer, linked)
  select customer, linked from unnest($1::text[], $2::text[]) as pair(customer, linked)
  order by customer, linked
  on conflict do nothing`;

/** Two statements, since a row that another transaction is just inserting can be waited for but not read in one. */
export const MAKE_HEAD = `
  insert into chain_head (chain, sequence, hash) values ($1, 0, $2) on conflict do nothing`;

/** Held until commit: the one writer of this chain. */
export const LOCK_HEAD = `
  select sequence, hash from chain_head where chain = $1 for update`;

export const MOVE_HEAD = `
  update chain_head set sequence = $2, hash = $3 where chain = $1 and sequence = $4 returning chain`;

export const INSERT_ENTRIES = `
  insert into entry (day, chain, sequence, event_id, topic, action, occurred_at, recorded_at, customer, order_number, session,
    tags, metadata, sealed, prev_hash, hash)
  select $1::date, $2, sequence, event_id, $3, action, occurred_at, $4::timestamptz, customer, order_number, session,
    tags::bigint[], metadata::jsonb, sealed, prev_hash, hash
  from unnest($5::bigint[], $6::text[], $7::text[], $8::timestamptz[], $9::text[], $10::text[], $11::text[], $12::text[],
    $13::text[], $14::bytea[], $15::bytea[], $16::bytea[])
    as row(sequence, event_id, action, occurred_at, customer, order_number, session, tags, metadata, sealed, prev_hash, hash)`;

const COLUMNS = `
  chain, sequence, event_id, topic, action, occurred_at, recorded_at, customer, order_number, session, tags, metadata, sealed,
  prev_hash, hash`;

/** Entries with all tags $1 and any of the customers $2; each left out where there are none, or the index would be of no use. */
export function searchSql(byTags: boolean, byCustomers: boolean): string {
  const found = [
    byTags ? 'tags @> $1::bigint[]' : '$1::bigint[] is not null',
    byCustomers ? 'tags && $2::bigint[]' : '$2::bigint[] is not null',
  ];
  return `
    select ${COLUMNS} from entry
    where ${found.join(' and ')}
      and ($3::timestamptz is null or occurred_at >= $3)
      and ($4::timestamptz is null or occurred_at < $4)
      and ($5::timestamptz is null or (occurred_at, chain, sequence) > ($5, $6, $7::bigint))
    order by occurred_at, chain, sequence
    limit $8`;
}

export const ALSO_KNOWN_AS = `
  with recursive reach(customer) as (
    select $1::text
    union
    select link.linked from reach join customer_link link on link.customer = reach.customer
  )
  select customer from reach`;

export const HEADS = 'select chain, sequence, hash from chain_head where $1::text is null or chain = $1';

/** Chain by chain, from a place on; the primary key gives the order. */
export const READ = `
  select ${COLUMNS} from entry
  where (day, chain, sequence) > ($1::date, $2, $3::bigint) and ($4::text is null or (chain = $4 and day = $5::date))
  order by day, chain, sequence
  limit $6`;

export const ERASED_AT = `
  select hash, max(erased_at) as at from erasure_identity where hash = any($1::text[]) group by hash`;
