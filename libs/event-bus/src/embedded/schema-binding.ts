import { DEFINER } from './schema-sql.js';

/** Which vault the data of this database was encrypted with. */
export const bindingSql = `
  create table vault_used (one boolean primary key default true check (one), id text not null);

  -- The first caller decides; the answer is the vault that counts.
  create function bind_vault(p_id text) returns text language plpgsql ${DEFINER} as $$
  begin
    insert into vault_used (id) values (p_id) on conflict do nothing;
    return (select v.id from vault_used v);
  end $$;
`;
