import { DEFINER } from './schema-sql.js';

/**
 * `append` without a notification of its own: transactions that notify commit one after the other, each with a flush of its
 * own, so writers of different partitions waited for each other. The hint is sent after the commit instead.
 */
export const appendSql = `
  -- Values come as one string of bytes, cut by start and length: an array of bytea would be sent as hexadecimal text.
  create or replace function append(
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
  end $$;
`;
