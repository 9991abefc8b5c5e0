export const ENSURE_PARTITIONS = 'select ensure_partitions($1::date, $2::int)';

export const INSERT_LINKS = `
  insert into customer_link (customer, linked)
  select customer, linked from unnest($1::text[], $2::text[]) as pair(customer, linked)
  order by customer, linked
  on conflict do nothing`;

/** Two statements, since a row that another transaction is just inserting can be waited for but not read in one. */
export const MAKE_HEADS = `
  insert into chain_head (chain, sequence, hash)
  select chain, 0, hash from unnest($1::text[], $2::bytea[]) as made(chain, hash) order by chain
  on conflict do nothing`;

/** Held until commit: the one writer of these chains. In one order everywhere, so that two writers never wait for each other. */
export const LOCK_HEADS = `
  select chain, sequence, hash from chain_head where chain = any($1::text[]) order by chain for update`;

export const MOVE_HEADS = `
  update chain_head as head set sequence = moved.sequence, hash = moved.hash
  from unnest($1::text[], $2::bigint[], $3::bytea[], $4::bigint[]) as moved(chain, sequence, hash, was)
  where head.chain = moved.chain and head.sequence = moved.was
  returning head.chain`;

/**
 * Bytes come as one string of bytes each, cut by start and length: an array of bytea would be sent as hexadecimal text. Of every
 * entry 64 bytes of hashes, the one before and its own; its metadata is an element of one JSON array.
 */
export const INSERT_ENTRIES = `
  insert into entry (day, chain, sequence, event_id, topic, action, occurred_at, recorded_at, customer, order_number, session,
    tags, metadata, sealed, prev_hash, hash)
  select $1::date, chain, sequence, event_id, topic, action, occurred_at, $2::timestamptz, customer, order_number, session,
    tags::bigint[], metadata, substring($14::bytea from start + 1 for length),
    substring($15::bytea from (n::int - 1) * 64 + 1 for 32), substring($15::bytea from (n::int - 1) * 64 + 33 for 32)
  from rows from (
    unnest($3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::text[], $10::text[],
      $11::text[], $12::text[], $16::int[], $17::int[]),
    jsonb_array_elements($13::jsonb)
  ) with ordinality as row(chain, sequence, event_id, topic, action, occurred_at, customer, order_number, session, tags,
    start, length, metadata, n)`;

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
