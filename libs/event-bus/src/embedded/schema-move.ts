import { DEFINER, NOT_HELD } from './schema-sql.js';

/** `commit` for many, which fails instead of returning false, so that nobody has to wait for its answer before committing. */
export const moveSql = `
  create function move(p_group text, p_topic text, p_member uuid, p_partitions int[], p_epochs bigint[], p_nexts bigint[])
  returns void language plpgsql ${DEFINER} as $$
  declare
    moved int;
  begin
    perform set_config('idle_in_transaction_session_timeout', '5000', true);
    update claims c set committed = greatest(c.committed, m.next), trying = null
      from unnest(p_partitions, p_epochs, p_nexts) as m (part, epoch, next)
      where c.grp = p_group and c.topic = p_topic and c.partition = m.part and c.member = p_member and c.epoch = m.epoch;
    get diagnostics moved = row_count;
    if moved < cardinality(p_partitions) then
      raise exception 'A partition is not held' using errcode = '${NOT_HELD}';
    end if;
  end $$;
`;
