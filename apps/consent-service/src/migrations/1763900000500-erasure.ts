import { ForwardMigration } from '@parley/postgres';
import type { QueryRunner } from 'typeorm';

/**
 * Lets an erasure hide what an entry refers to. Everything else of an entry stays as it is, whoever asks: who by
 * pseudonym, what, when, by which source.
 */
export class Erasure1763900000500 extends ForwardMigration {
  readonly name = 'Erasure1763900000500';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function refuse_all_but_hiding() returns trigger language plpgsql as $$
      begin
        if to_jsonb(new) - '{evidence_ref,idempotency_key,contact}'::text[]
            = to_jsonb(old) - '{evidence_ref,idempotency_key,contact}'::text[]
          and starts_with(new.evidence_ref, 'erased:') and starts_with(new.idempotency_key, 'erased:') and new.contact = ''
        then
          return new;
        end if;
        raise exception 'the consent ledger is append-only' using errcode = 'insufficient_privilege';
      end $$;
      create trigger hiding_only before update on ledger for each row execute function refuse_all_but_hiding();
      drop trigger append_only on ledger;
      create trigger append_only before delete on ledger for each row execute function refuse_change();
    `);
  }
}
