import { DEAD_LETTER_DAYS, RETENTION_DAYS } from '../retention.js';
import { DEFINER } from './schema-sql.js';

/** Dead letters, and retention. */
export const upkeepSql = `
  create table dead_letters (
    id text primary key,
    topic text not null,
    grp text not null,
    partition int,
    "offset" bigint,
    key text not null,
    record_id text not null,
    type text not null,
    source text not null,
    time timestamptz not null,
    at timestamptz not null default clock_timestamp(),
    reason text not null,
    attempts int not null,
    traceparent text,
    -- As the cipher left it; "sealed" says under which topic's keys, null when in the clear.
    sealed text,
    value bytea not null,
    replayed_at timestamptz
  );
  create index dead_letters_of on dead_letters (topic, at);

  create function add_dead_letters(
    p_ids text[], p_topic text, p_group text, p_partition int, p_offset bigint, p_keys text[], p_record_ids text[],
    p_type text, p_source text, p_time timestamptz, p_reasons text[], p_attempts int, p_trace text, p_sealed text,
    p_values bytea[]
  ) returns void language sql ${DEFINER} as $$
    insert into dead_letters
      (id, topic, grp, partition, "offset", key, record_id, type, source, time, reason, attempts, traceparent, sealed, value)
    select r.id, p_topic, p_group, p_partition, p_offset, r.key, r.record_id, p_type, p_source, p_time, r.reason, p_attempts,
      p_trace, p_sealed, r.value
    from unnest(p_ids, p_keys, p_record_ids, p_reasons, p_values) r (id, key, record_id, reason, value)
    on conflict do nothing
  $$;

  create function list_dead_letters(p_topic text, p_limit int)
  returns table (
    id text, topic text, grp text, partition int, "offset" bigint, key text, record_id text, "time" timestamptz,
    at timestamptz, reason text, attempts int, traceparent text, replayed_at timestamptz
  ) language sql stable ${DEFINER} as $$
    select d.id, d.topic, d.grp, d.partition, d."offset", d.key, d.record_id, d.time, d.at, d.reason, d.attempts,
      d.traceparent, d.replayed_at
    from dead_letters d where p_topic is null or d.topic = p_topic order by d.at desc, d.id limit p_limit
  $$;

  create function read_dead_letters(p_ids text[]) returns setof dead_letters language sql stable ${DEFINER} as $$
    select * from dead_letters d where d.id = any(p_ids) order by d.time, d."offset"
  $$;

  create function mark_replayed(p_ids text[]) returns void language sql ${DEFINER} as $$
    update dead_letters d set replayed_at = clock_timestamp() where d.id = any(p_ids)
  $$;

  -- Makes segments ahead of time and drops those whose time is over, whole. What a group had not read yet is returned.
  create function upkeep() returns table (grp text, topic text, partition int, lost bigint)
  language plpgsql ${DEFINER} as $$
  declare
    today date := (clock_timestamp() at time zone 'UTC')::date;
    old date;
  begin
    perform pg_advisory_xact_lock(hashtext('parley.bus.upkeep'));
    for ahead in 0..2 loop perform bus.add_segment(today + ahead); end loop;
    delete from dead_letters d where d.at < clock_timestamp() - interval '${DEAD_LETTER_DAYS} days';
    perform set_config('lock_timeout', '2000', true);
    for old in select s.day from segments s where s.day < today - ${RETENTION_DAYS} order by 1 loop
      return query execute format(
        'select c.grp, c.topic, c.partition, e.last + 1 - greatest(c.committed, e.first)
         from (select r.topic, r.partition, min(r."offset") as first, max(r."offset") as last from bus.%I r group by 1, 2) e
         join bus.claims c using (topic, partition) where c.committed <= e.last',
        'records_' || to_char(old, 'YYYYMMDD'));
      execute format('drop table bus.%I', 'records_' || to_char(old, 'YYYYMMDD'));
      delete from segments s where s.day = old;
    end loop;
  end $$;
`;
