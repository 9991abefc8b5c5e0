import type { Database, Tx } from '@parley/postgres';
import type { Head } from '../../domain/chain.js';
import type { RetiredDay, SignedDay, SignedHead } from '../../domain/signed.js';
import { Heads, type Signatures } from '../../ports/heads.port.js';

const HEAD = `chain, sequence, hash, root, previous, signed_at as "signedAt", key_id as "keyId", signature`;
const DAY = `day, chains, entries, heads, previous, signed_at as "signedAt", key_id as "keyId", signature`;
const RETIRED = `day, chains, entries, retired_at as "retiredAt", key_id as "keyId", signature`;

const LATEST_HEADS = `select distinct on (substr(chain, 12)) ${HEAD} from signed_head order by substr(chain, 12), day desc`;

const UNSIGNED = `select distinct left(chain, 10) as day from chain_head
  where sequence > 0 and left(chain, 10) < $1 and not exists (select from signed_day s where s.day = left(chain, 10)::date)
  order by 1`;

const OF_DAY = `select chain, sequence, hash from chain_head where sequence > 0 and left(chain, 10) = $1 order by chain`;

const HASHES = `select hash from entry where day = $1::date and chain = $2 and sequence > $3 and sequence <= $4
  order by sequence limit $5`;

const STORE_DAY = `insert into signed_day (day, chains, entries, heads, previous, signed_at, key_id, signature)
  values ($1::date, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning day`;

const STORE_HEADS = `insert into signed_head (day, chain, sequence, hash, root, previous, signed_at, key_id, signature)
  select $1::date, * from unnest($2::text[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bytea[], $7::timestamptz[],
    $8::text[], $9::bytea[])`;

const UNRETIRED = `select ${DAY} from signed_day s where day < $1::date
  and not exists (select from retired_day r where r.day = s.day) order by day`;

/** Hashes per statement. */
const HASH_ROWS = 50_000;

/** Signed heads in tables that refuse update and delete. */
export class PostgresHeads extends Heads {
  constructor(private readonly db: Database) {
    super();
  }

  override async signatures(): Promise<Signatures> {
    const [heads, days, retired] = await Promise.all([
      this.db.query<SignedHead>(`select ${HEAD} from signed_head order by day, chain`),
      this.db.query<SignedDay>(`select ${DAY} from signed_day order by day`),
      this.db.query<RetiredDay>(`select ${RETIRED} from retired_day order by day`),
    ]);
    return { heads, days, retired };
  }

  override async latest(): Promise<{ heads: readonly SignedHead[]; day?: SignedDay }> {
    const heads = await this.db.query<SignedHead>(LATEST_HEADS);
    const [day] = await this.db.query<SignedDay>(`select ${DAY} from signed_day order by signed_day.day desc limit 1`);
    return day ? { heads, day } : { heads };
  }

  override async ofChains(chains: readonly string[]): Promise<SignedHead[]> {
    return this.db.query<SignedHead>(`select ${HEAD} from signed_head where chain = any($1::text[])`, [chains]);
  }

  override async unsignedDays(before: string): Promise<string[]> {
    return (await this.db.query<{ day: string }>(UNSIGNED, [before])).map(({ day }) => day);
  }

  override async close(day: string): Promise<Map<string, Head>> {
    await this.db.transaction(async (tx) => {
      // Waits for writers that have a chain in hand; who comes after sees the day closed and takes the next one.
      await tx.query('lock table chain_head in exclusive mode');
      await tx.query('insert into closed_day (day) values ($1::date) on conflict do nothing', [day]);
    });
    const rows = await this.db.query<{ chain: string } & Head>(OF_DAY, [day]);
    return new Map(rows.map(({ chain, sequence, hash }) => [chain, { sequence, hash }]));
  }

  override async hashes(chain: string, upTo: bigint): Promise<Buffer[]> {
    const hashes: Buffer[] = [];
    for (let rows: Buffer[] = []; ;) {
      const from = BigInt(hashes.length);
      rows = await hashesAfter(this.db, chain, from, upTo);
      hashes.push(...rows);
      if (rows.length < HASH_ROWS) return hashes;
    }
  }

  override store(day: SignedDay, heads: readonly SignedHead[]): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const { chains, entries, previous, signedAt, keyId, signature } = day;
      const row = [day.day, chains, entries, day.heads, previous, signedAt, keyId, signature];
      if ((await tx.query(STORE_DAY, row)).length === 0) return false;
      const columns = (
        ['chain', 'sequence', 'hash', 'root', 'previous', 'signedAt', 'keyId', 'signature'] as const
      ).map((name) => heads.map((head) => head[name]));
      await tx.query(STORE_HEADS, [day.day, ...columns]);
      return true;
    });
  }

  override async unretiredDays(before: string): Promise<SignedDay[]> {
    return this.db.query<SignedDay>(UNRETIRED, [before]);
  }

  override async retire({ day, chains, entries, retiredAt, keyId, signature }: RetiredDay): Promise<boolean> {
    const sql = 'select retire_day($1::date, $2, $3, $4, $5, $6) as done';
    const [row] = await this.db.query<{ done: boolean }>(sql, [day, chains, entries, retiredAt, keyId, signature]);
    return row?.done ?? false;
  }
}

/** By number and not by what is there: behind a gap the next hashes follow as if there were none, and the root tells. */
async function hashesAfter(tx: Tx, chain: string, from: bigint, upTo: bigint): Promise<Buffer[]> {
  const rows = await tx.query<{ hash: Buffer }>(HASHES, [chain.slice(0, 10), chain, from, upTo, HASH_ROWS]);
  return rows.map(({ hash }) => hash);
}
