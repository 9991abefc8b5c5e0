/** Each statement takes a whole batch. */

/** Everybody reachable from each hash over known links, itself included. */
export const CLOSURE = `
  with recursive reach(root, identity) as (
    select hash, hash from unnest($1::text[]) as given(hash)
    union
    select reach.root, link.linked from reach join identity_link link on link.identity = reach.identity
  )
  select root, identity from reach`;

/** Both directions, so that one index serves either. */
export const INSERT_LINKS = `
  insert into identity_link (identity, linked)
  select identity, linked from unnest($1::text[], $2::text[]) as pair(identity, linked)
  order by identity, linked
  on conflict do nothing`;

/** One writer per person at a time: what an entry changes depends on those before it. Ascending, so that no two block each other. */
export const LOCK_PERSONS = `
  select count(pg_advisory_xact_lock(key)) from (
    select distinct hashtextextended('consent.' || hash, 0) as key from unnest($1::text[]) as given(hash) order by key
  ) as keys`;

const COLUMNS = `
  ledger.id, ledger.purpose, ledger.granted, ledger.said_at, ledger.recorded_at, ledger.source, ledger.evidence_ref`;

export const ENTRIES_OF = `
  select owner.identity, ${COLUMNS}
  from ledger_identity owner join ledger on ledger.id = owner.entry_id
  where owner.identity = any($1::text[])`;

export const ENTRIES_BY_ID = `
  select owner.identity, ${COLUMNS}
  from ledger join ledger_identity owner on owner.entry_id = ledger.id
  where ledger.id = any($1::uuid[])`;

/** Check's one round trip: the person's identities and their entries together. */
export const ENTRIES_OF_PERSON = `
  with recursive reach(identity) as (
    select hash from unnest($1::text[]) as given(hash)
    union
    select link.linked from reach join identity_link link on link.identity = reach.identity
  )
  select distinct ${COLUMNS}
  from reach join ledger_identity owner on owner.identity = reach.identity join ledger on ledger.id = owner.entry_id`;

export const INSERT_ENTRIES = `
  insert into ledger (id, idempotency_key, person_id, phone_number_id, contact, purpose, granted, said_at, source, evidence_ref)
  select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[], $7::boolean[], $8::timestamptz[],
    $9::text[], $10::text[])
  on conflict do nothing
  returning id`;

export const INSERT_OWNERS = `
  insert into ledger_identity (identity, entry_id)
  select * from unnest($1::text[], $2::uuid[])`;

/** Entries that still say what they refer to; those that an erasure wrote refer to nobody. */
export const TO_HIDE = `
  select id, evidence_ref, idempotency_key from ledger
  where id = any($1::uuid[]) and not starts_with(evidence_ref, 'erased:') and source <> 'erasure' order by id for update`;

export const HIDE = `
  update ledger set evidence_ref = hidden.ref, idempotency_key = hidden.key, contact = ''
  from unnest($1::uuid[], $2::text[], $3::text[]) as hidden(id, ref, key)
  where ledger.id = hidden.id`;
