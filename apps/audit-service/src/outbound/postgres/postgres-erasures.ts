import type { Database } from '@parley/postgres';
import { canonicalJson } from '../../domain/chain.js';
import type { JsonObject } from '../../domain/evidence.js';
import type { Erasure } from '../../domain/statement.js';
import { Erasures, type SignedStatement } from '../../ports/erasures.port.js';

const BEGIN = `with given as (
    select * from jsonb_to_recordset($1::jsonb) as r(id uuid, pseudonym text, identities text[], "customerIds" text[],
      reason text, "requestedBy" text, "erasedAt" timestamptz)
  ), begun as (
    insert into erasure (id, pseudonym, identities, customer_ids, reason, requested_by, requested_at)
    select id, pseudonym, identities, "customerIds", reason, "requestedBy", "erasedAt" from given
  ) insert into erasure_identity (hash, erasure_id, erased_at) select unnest(identities), id, "erasedAt" from given`;

const COLUMNS = `e.id, e.pseudonym, e.identities, e.customer_ids as "customerIds", e.reason, e.requested_by as "requestedBy", e.requested_at as "erasedAt"`;

const FIND = `select distinct on (i.hash) i.hash, ${COLUMNS}, s.statement, s.key_id as "keyId", s.signature
  from erasure_identity i join erasure e on e.id = i.erasure_id left join erasure_statement s on s.erasure_id = e.id
  where i.hash = any($1::text[]) order by i.hash, i.erased_at desc`;

const COMPLETE = `insert into erasure_statement (erasure_id, statement, key_id, signature)
  select * from unnest($1::uuid[], $2::jsonb[], $3::text[], $4::bytea[]) on conflict do nothing`;

const UNFINISHED = `select ${COLUMNS} from erasure e where e.requested_at < $1
  and not exists (select from erasure_statement s where s.erasure_id = e.id) order by e.requested_at`;

const ENTRIES = `select a.n, (select count(*) from entry where tags && a.tags) as entries
  from jsonb_to_recordset($1::jsonb) as a(n integer, tags bigint[]) order by a.n`;

type FoundRow = Erasure & { hash: string; statement: JsonObject | null; keyId: string; signature: Buffer };

/** Erasures and statements in tables that refuse update and delete. */
export class PostgresErasures extends Erasures {
  constructor(
    private readonly db: Database,
    private readonly tagOf: (pseudonym: string) => bigint,
  ) {
    super();
  }

  override async begin(erasures: readonly Erasure[]): Promise<void> {
    if (erasures.length === 0) return;
    await this.db.query(BEGIN, [JSON.stringify(erasures)]);
  }

  override async find(
    hashes: readonly string[],
  ): Promise<Map<string, { erasure: Erasure; statement?: SignedStatement }>> {
    const rows = await this.db.query<FoundRow>(FIND, [hashes]);
    return new Map(
      rows.map(({ hash, statement, keyId, signature, ...erasure }) => {
        const signed = statement ? { statement: { text: canonicalJson(statement), keyId, signature } } : {};
        return [hash, { erasure, ...signed }];
      }),
    );
  }

  override async complete(statements: readonly { erasureId: string; statement: SignedStatement }[]): Promise<void> {
    await this.db.query(COMPLETE, [
      statements.map(({ erasureId }) => erasureId),
      statements.map(({ statement }) => statement.text),
      statements.map(({ statement }) => statement.keyId),
      statements.map(({ statement }) => statement.signature),
    ]);
  }

  override async unfinished(before: Date): Promise<Erasure[]> {
    return this.db.query<Erasure>(UNFINISHED, [before]);
  }

  override async entriesOf(pseudonyms: readonly (readonly string[])[]): Promise<bigint[]> {
    const asked = pseudonyms.map((all, n) => ({ n, tags: all.map((each) => String(this.tagOf(each))) }));
    const rows = await this.db.query<{ n: number; entries: bigint }>(ENTRIES, [JSON.stringify(asked)]);
    return rows.map(({ entries }) => entries);
  }
}
