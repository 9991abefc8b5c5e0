import { DEFINER } from './schema-sql.js';

/** Tables of the log and the functions that write and read it. */
export const logSql = `
  create table topics (topic text primary key, partitions int not null check (partitions > 0));

  -- One row per partition; whoever appends locks it until commit, so offsets are dense and become visible in order.
  create table heads (
    topic text not null references topics,
    partition int not null,
    next bigint not null default 0,
    -- Day of the newest record. Never goes back, so a reader that has seen a day need not look at earlier segments.
    day date not null default '-infinity',
    primary key (topic, partition)
  ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

  create table records (
    day date not null,
    topic text not null,
    partition int not null,
    "offset" bigint not null,
    key text not null,
    id text not null,
    type text not null,
    source text not null,
    time timestamptz not null,
    traceparent text,
    value bytea not null,
    primary key (topic, partition, "offset", day)
  ) partition by range (day);

  create table segments (day date primary key);

  -- Not a definer function, so no service may call it; those that call it run as the owner already.
  create function add_segment(p_day date) returns void language plpgsql set search_path = bus, pg_temp as $$
  declare
    name text := 'records_' || to_char(p_day, 'YYYYMMDD');
  begin
    perform pg_advisory_xact_lock(hashtext('parley.bus.segments'));
    if exists (select from segments s where s.day = p_day) then return; end if;
    execute format('create table bus.%I (like bus.records including all)', name);
    -- Values are encrypted, so there is nothing to compress.
    execute format('alter table bus.%I alter column value set storage external', name);
    execute format('alter table bus.records attach partition bus.%I for values from (%L) to (%L)', name, p_day, p_day + 1);
    insert into segments (day) values (p_day);
  end $$;

  create function ensure_topics(p_topics text[], p_partitions int) returns table (topic text, partitions int)
  language plpgsql ${DEFINER} as $$
  begin
    perform pg_advisory_xact_lock(hashtext('parley.bus.topics'));
    insert into topics as t select n, p_partitions from unnest(p_topics) n on conflict do nothing;
    insert into heads as h (topic, partition)
      select t.topic, p from topics t, generate_series(0, t.partitions - 1) p
      where t.topic = any(p_topics) order by 1, 2 on conflict do nothing;
    return query select t.topic, t.partitions from topics t where t.topic = any(p_topics);
  end $$;

  -- Values come as one string of bytes, cut by start and length: an array of bytea would be sent as hexadecimal text.
  create function append(
    p_topics text[], p_partitions int[], p_keys text[], p_ids text[], p_types text[], p_source text,
    p_times timestamptz[], p_traces text[], p_starts int[], p_lengths int[], p_data bytea
  ) returns void language plpgsql ${DEFINER} as $$
  declare
    today date := (clock_timestamp() at time zone 'UTC')::date;
    head record;
    h_topics text[] := '{}';
    h_partitions int[] := '{}';
    h_firsts bigint[] := '{}';
    h_days date[] := '{}';
    first bigint;
    on_day date;
  begin
    -- A client that stops between here and its commit would hold up every other writer.
    perform set_config('idle_in_transaction_session_timeout', '5000', true);
    if not exists (select from segments s where s.day = today) then perform bus.add_segment(today); end if;
    for head in
      select r.topic, r.partition, count(*) as n from unnest(p_topics, p_partitions) r (topic, partition)
      group by 1, 2 order by 1, 2
    loop
      update heads h set next = h.next + head.n, day = greatest(h.day, today)
        where h.topic = head.topic and h.partition = head.partition
        returning h.next - head.n, h.day into first, on_day;
      if not found then raise exception 'Topic % has no partition %', head.topic, head.partition; end if;
      h_topics := h_topics || head.topic;
      h_partitions := h_partitions || head.partition;
      h_firsts := h_firsts || first;
      h_days := h_days || on_day;
    end loop;
    insert into records (day, topic, partition, "offset", key, id, type, source, time, traceparent, value)
      select b.day, b.topic, b.partition, b.first + row_number() over (partition by b.topic, b.partition order by r.n) - 1,
        r.key, r.id, r.type, p_source, r.time, r.trace, substring(p_data from r.start + 1 for r.length)
      from unnest(p_topics, p_partitions, p_keys, p_ids, p_types, p_times, p_traces, p_starts, p_lengths) with ordinality
        as r (topic, partition, key, id, type, time, trace, start, length, n)
      join unnest(h_topics, h_partitions, h_firsts, h_days) as b (topic, partition, first, day)
        on b.topic = r.topic and b.partition = r.partition;
    -- A hint, sent once per transaction: who misses it polls.
    perform pg_notify('parley_bus', 't:' || (select string_agg(distinct t, ',') from unnest(h_topics) t));
  end $$;

  -- Everything new of all the partitions asked for, in one statement: heads that moved, and records as far as limits allow.
  create function read_records(
    p_topics text[], p_partitions int[], p_from bigint[], p_days date[], p_limits int[], p_bytes int
  ) returns table (
    want int, topic text, partition int, head bigint, "offset" bigint, day date, key text, id text, type text, source text,
    "time" timestamptz, traceparent text, value bytea
  ) language plpgsql stable ${DEFINER} as $$
  begin
    return query
      select q.n::int, q.topic, q.partition, h.next, r."offset", r.day, r.key, r.id, r.type, r.source, r.time, r.traceparent, r.value
      from unnest(p_topics, p_partitions, p_from, p_days, p_limits) with ordinality
        as q (topic, partition, "from", day, "limit", n)
      join heads h on h.topic = q.topic and h.partition = q.partition and h.next > q."from"
      left join lateral (
        select s.* from (
          select c.*, sum(octet_length(c.value)) over (order by c."offset") as bytes from (
            select * from records r
            where r.topic = q.topic and r.partition = q.partition and r."offset" >= q."from" and r.day >= q.day
            order by r."offset" limit q."limit"
          ) c
        ) s where s.bytes <= p_bytes or s.bytes = octet_length(s.value)
      ) r on true
      order by q.n, r."offset";
  end $$;
`;
