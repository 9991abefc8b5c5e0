import { DEFINER } from './schema-sql.js';

/**
 * `read_records` with less in each row: what the reader knows is left out, what all rows of a partition share stands in its first,
 * and times are numbers. Every record is read by several services; parsing its row cost each of them more than decrypting it.
 */
export const readSql = `
  drop function read_records;

  -- Everything new of all the partitions asked for, in one statement: heads that moved, and records as far as limits allow. Of each
  -- partition the head comes with the first row, and the day of a record where it is not the one asked from.
  create function read_records(
    p_topics text[], p_partitions int[], p_from bigint[], p_days date[], p_limits int[], p_bytes int
  ) returns table (
    want int, head bigint, "offset" bigint, day date, key text, id text, type text, source text, ms double precision,
    traceparent text, value bytea
  ) language plpgsql stable ${DEFINER} as $$
  begin
    return query
      select q.n::int, case when r.bytes is null or r.bytes = octet_length(r.value) then h.next end, r."offset",
        nullif(r.day, q.day), r.key, r.id, r.type, r.source, date_part('epoch', r.time) * 1000, r.traceparent, r.value
      from unnest(p_topics, p_partitions, p_from, p_days, p_limits) with ordinality
        as q (topic, partition, "from", day, "limit", n)
      join heads h on h.topic = q.topic and h.partition = q.partition and h.next > q."from"
      left join lateral (
        select s.* from (
          select c.*, sum(octet_length(c.value)) over (order by c."offset" rows unbounded preceding) as bytes from (
            select * from records r
            where r.topic = q.topic and r.partition = q.partition and r."offset" >= q."from" and r.day >= q.day
            order by r."offset" limit q."limit"
          ) c
        ) s where s.bytes <= p_bytes or s.bytes = octet_length(s.value)
      ) r on true
      order by q.n, r."offset";
  end $$;

  -- Planned anew with every call, appending a few records took nearly twice as long.
  alter function append(text[], int[], text[], text[], text[], text, timestamptz[], text[], int[], int[], bytea)
    set plan_cache_mode = 'force_generic_plan';
`;
