import { SUSPECT_RANGE } from '../claim.js';
import { DEFINER } from './schema-sql.js';

/** Consumer groups: who is alive, who holds which partition, how far each has got. */
export const groupsSql = `
  -- Unlogged: after a crash of the server everybody joins again within a second.
  create unlogged table members (
    member uuid primary key,
    grp text not null,
    topic text not null,
    expires timestamptz not null,
    -- Finishes what it has in hand and takes no share any more.
    leaving boolean not null default false
  ) with (fillfactor = 50);
  create index members_of on members (grp, topic);

  create table claims (
    grp text not null,
    topic text not null,
    partition int not null,
    -- Grows with every change of hands; what an earlier holder commits is refused.
    epoch bigint not null default 0,
    member uuid,
    -- Offset of the next record to handle.
    committed bigint not null default 0,
    -- Holders that ended without giving the partition back, one after the other, at the position "suspect".
    crashes int not null default 0,
    suspect bigint,
    -- Record that is being tried alone, and the one that was at the last crash.
    trying bigint,
    poisoned bigint,
    -- Whom it was taken from (on Kafka, where a new holder may be faster than the old one's goodbye).
    ousted uuid,
    primary key (grp, topic, partition)
  ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

  create function wake_group(p_group text) returns void language sql as $$
    select pg_notify('parley_bus', 'g:' || p_group)
  $$;

  -- Takes a claim: counts a crash when the one who held it never gave it back.
  create function take_claim(p_group text, p_topic text, p_partition int, p_member uuid) returns void
  language sql as $$
    update claims c set
      epoch = c.epoch + 1,
      member = p_member,
      ousted = c.member,
      trying = null,
      poisoned = case when c.member is not null and c.trying = c.committed then c.trying end,
      crashes = case
        when c.member is null or c.trying = c.committed then c.crashes
        when c.suspect = c.committed then c.crashes + 1
        when c.crashes >= 3 and c.committed < c.suspect + ${SUSPECT_RANGE} then c.crashes
        else 1 end,
      suspect = case
        when c.member is null or c.trying = c.committed or c.suspect = c.committed then c.suspect
        when c.crashes >= 3 and c.committed < c.suspect + ${SUSPECT_RANGE} then c.suspect
        else c.committed end
    where c.grp = p_group and c.topic = p_topic and c.partition = p_partition
  $$;

  -- Prolongs the lives of a process's members, takes what is their share and held by nobody alive, and says what they hold.
  -- "keep" is false where another member waits. Which share is whose follows from the members alone, so all agree.
  create function heartbeat(p_members uuid[], p_groups text[], p_topics text[], p_leaving boolean[], p_lease_ms int)
  returns table (
    member uuid, partition int, epoch bigint, committed bigint, crashes int, suspect bigint, poisoned bigint, keep boolean
  ) language plpgsql ${DEFINER} as $$
  declare
    sub record;
    c record;
    until timestamptz := clock_timestamp() + p_lease_ms * interval '1 ms';
    live uuid[];
    sharing uuid[];
    turn int;
    joined boolean;
  begin
    for sub in select * from unnest(p_members, p_groups, p_topics, p_leaving) s (member, grp, topic, leaving) order by 2, 3, 1 loop
      if sub.leaving then
        -- Only prolonged: once it has left, a late heartbeat must not bring it back.
        update members m set expires = until where m.member = sub.member and m.leaving;
        update members m set expires = until, leaving = true where m.member = sub.member and not m.leaving;
        if found then perform bus.wake_group(sub.grp); end if;
        continue;
      end if;
      insert into members as m (member, grp, topic, expires) values (sub.member, sub.grp, sub.topic, until)
        on conflict on constraint members_pkey do update set expires = excluded.expires
        returning m.xmax = 0 into joined;
      if joined then
        insert into claims as k (grp, topic, partition)
          select sub.grp, h.topic, h.partition from heads h where h.topic = sub.topic order by 2, 3 on conflict do nothing;
        perform bus.wake_group(sub.grp);
      end if;
      delete from members m where m.member in (
        select d.member from members d
        where d.grp = sub.grp and d.topic = sub.topic and d.expires < clock_timestamp() for update skip locked);
      live := array(
        select m.member from members m
        where m.grp = sub.grp and m.topic = sub.topic and m.expires >= clock_timestamp());
      sharing := array(select m.member from members m where m.member = any(live) and not m.leaving order by m.member);
      -- Topics begin at different members, so that many topics are spread as well as many partitions.
      turn := abs(hashtext(sub.topic) % 1024);
      -- A claim locked by a transaction under way is left for the next heartbeat.
      for c in
        select k.partition from claims k
        where k.grp = sub.grp and k.topic = sub.topic
          and sharing[(k.partition + turn) % cardinality(sharing) + 1] = sub.member
          and (k.member is null or k.member <> all(live))
        order by k.partition for update skip locked
      loop
        perform bus.take_claim(sub.grp, sub.topic, c.partition, sub.member);
      end loop;
      return query
        select sub.member, k.partition, k.epoch, k.committed, k.crashes, k.suspect, k.poisoned,
          sharing[(k.partition + turn) % cardinality(sharing) + 1] = sub.member
        from claims k where k.grp = sub.grp and k.topic = sub.topic and k.member = sub.member;
    end loop;
  end $$;

  create function release(p_member uuid, p_group text, p_topic text, p_partition int, p_epoch bigint) returns void
  language plpgsql ${DEFINER} as $$
  begin
    update claims c set member = null, trying = null
      where c.grp = p_group and c.topic = p_topic and c.partition = p_partition and c.member = p_member and c.epoch = p_epoch;
    if found then
      perform bus.wake_group(p_group);
    else
      -- Alive after all, so it was no crash.
      update claims c set ousted = null, crashes = greatest(c.crashes - 1, 0)
        where c.grp = p_group and c.topic = p_topic and c.partition = p_partition and c.ousted = p_member;
    end if;
  end $$;

  create function leave(p_member uuid, p_group text) returns void language plpgsql ${DEFINER} as $$
  begin
    update claims c set member = null, trying = null where c.grp = p_group and c.member = p_member;
    delete from members m where m.member = p_member;
    perform bus.wake_group(p_group);
  end $$;

  -- False when the claim is somebody else's by now.
  create function commit(p_group text, p_topic text, p_partition int, p_member uuid, p_epoch bigint, p_next bigint)
  returns boolean language plpgsql ${DEFINER} as $$
  begin
    perform set_config('idle_in_transaction_session_timeout', '5000', true);
    update claims c set committed = greatest(c.committed, p_next), trying = null
      where c.grp = p_group and c.topic = p_topic and c.partition = p_partition and c.member = p_member and c.epoch = p_epoch;
    return found;
  end $$;

  create function try_alone(p_group text, p_topic text, p_partition int, p_member uuid, p_epoch bigint, p_offset bigint)
  returns boolean language plpgsql ${DEFINER} as $$
  begin
    update claims c set trying = p_offset
      where c.grp = p_group and c.topic = p_topic and c.partition = p_partition and c.member = p_member and c.epoch = p_epoch;
    return found;
  end $$;

  -- Kafka says who holds what; here is remembered how that ended. Positions are those that Kafka has.
  create function take_claims(p_member uuid, p_group text, p_topic text, p_partitions int[], p_committed bigint[])
  returns table (partition int, epoch bigint, crashes int, suspect bigint, poisoned bigint)
  language plpgsql ${DEFINER} as $$
  declare
    c record;
  begin
    insert into claims as k (grp, topic, partition)
      select p_group, p_topic, p from unnest(p_partitions) p order by p on conflict do nothing;
    for c in select * from unnest(p_partitions, p_committed) r (part, next) order by 1 loop
      update claims k set committed = c.next where k.grp = p_group and k.topic = p_topic and k.partition = c.part;
      perform bus.take_claim(p_group, p_topic, c.part, p_member);
    end loop;
    return query select k.partition, k.epoch, k.crashes, k.suspect, k.poisoned from claims k
      where k.grp = p_group and k.topic = p_topic and k.partition = any(p_partitions);
  end $$;
`;
