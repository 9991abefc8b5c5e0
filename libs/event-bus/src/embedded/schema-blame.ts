import { SUSPECT_RANGE } from '../claim.js';
import { DEFINER } from './schema-sql.js';

/** How often a record that is tried alone has to be in hand at a crash before it is to blame. */
const ALONE_CRASHES = 3;

/**
 * Gives up a record for crashes only when it was alone in hand at several. Processes are killed for other reasons too (a node that
 * goes, memory somebody else took), and after three crashes every record behind is tried alone: with one crash more to convict,
 * the next kill took whatever was in hand.
 */
export const blameSql = `
  alter table claims
    -- Record that was alone in hand at the last crash at which one was, and at how many crashes in a row.
    add column blamed bigint,
    add column alone int not null default 0;

  -- Takes a claim: counts a crash when the one who held it never gave it back.
  create or replace function take_claim(p_group text, p_topic text, p_partition int, p_member uuid) returns void
  language sql as $$
    update claims c set
      epoch = c.epoch + 1,
      member = p_member,
      ousted = c.member,
      trying = null,
      blamed = case when c.member is not null and c.trying = c.committed then c.trying else c.blamed end,
      alone = case
        when c.member is null or c.trying is distinct from c.committed then c.alone
        when c.blamed = c.trying then c.alone + 1
        else 1 end,
      poisoned = case
        when c.member is not null and c.trying = c.committed and c.blamed = c.trying and c.alone + 1 >= ${ALONE_CRASHES}
        then c.trying end,
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

  create or replace function release(p_member uuid, p_group text, p_topic text, p_partition int, p_epoch bigint) returns void
  language plpgsql ${DEFINER} as $$
  begin
    update claims c set member = null, trying = null
      where c.grp = p_group and c.topic = p_topic and c.partition = p_partition and c.member = p_member and c.epoch = p_epoch;
    if found then
      perform bus.wake_group(p_group);
    else
      -- Alive after all, so it was no crash.
      update claims c set ousted = null, crashes = greatest(c.crashes - 1, 0), alone = greatest(c.alone - 1, 0)
        where c.grp = p_group and c.topic = p_topic and c.partition = p_partition and c.ousted = p_member;
    end if;
  end $$;
`;
