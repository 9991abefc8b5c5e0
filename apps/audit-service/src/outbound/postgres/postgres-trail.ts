import { AppError } from '@parley/errors';
import type { Database, Inbox, Tx } from '@parley/postgres';
import { passing } from '@parley/resilience';
import { chainName, chainOn, dayOf, genesis, type Head } from '../../domain/chain.js';
import type { Entry, Unchained } from '../../domain/evidence.js';
import { Trail, type Append, type Link, type Part, type Search } from '../../ports/trail.port.js';
import { fromRow, toParams, type EntryRow } from './rows.js';
import * as sql from './sql.js';

/** Days whose partitions are made ahead: the service may be away for this long without its first batch being later. */
const DAYS_AHEAD = 7;
/** Entries per statement when all are read. */
const READ_ROWS = 1000;

type HeadRow = { chain: string } & Head;

/** The trail on a table partitioned by day, which refuses update and delete. */
export class PostgresTrail extends Trail {
  readonly #prepared = new Set<string>();

  constructor(
    private readonly db: Database,
    private readonly inbox: Inbox,
  ) {
    super();
  }

  override async append({ parts, links = [], commit }: Append): Promise<number[]> {
    const first = parts.find(({ entries }) => entries.length > 0)?.entries[0];
    if (first) await this.prepareDays(first.recordedAt);
    return this.db.transaction(async (tx) => {
      const isNew = await this.inbox.markNew(
        tx,
        parts.flatMap(({ entries }) => entries.map(markOf)),
      );
      await passing('audit-service.batch.marked');
      // A record that is there twice counts once.
      const seen = new Set<string>();
      const fresh = parts.map(({ entries }) =>
        entries.filter((entry) => isNew.has(markOf(entry)) && !seen.has(entry.eventId) && seen.add(entry.eventId)),
      );
      if (links.length > 0) await insertLinks(tx, links);
      if (first) await extend(tx, first.recordedAt, byChain(first.recordedAt, parts, fresh));
      await commit?.(tx);
      return fresh.map(({ length }) => length);
    });
  }

  override async search({ tags, customers, from, until, limit, after }: Search): Promise<Entry[]> {
    const params = [
      ...[tags, customers, from ?? null, until ?? null],
      ...[after?.occurredAt ?? null, after?.chain ?? null, after?.sequence ?? null, limit],
    ];
    const text = sql.searchSql(tags.length > 0, customers.length > 0);
    return (await this.db.query<EntryRow>(text, params)).map(fromRow);
  }

  override async alsoKnownAs(customer: string): Promise<string[]> {
    const rows = await this.db.query<{ customer: string }>(sql.ALSO_KNOWN_AS, [customer]);
    return rows.map((row) => row.customer);
  }

  override async erasedAt(pseudonyms: readonly string[]): Promise<Map<string, Date>> {
    if (pseudonyms.length === 0) return new Map();
    const rows = await this.db.query<{ hash: string; at: Date }>(sql.ERASED_AT, [pseudonyms]);
    return new Map(rows.map(({ hash, at }) => [hash, at]));
  }

  override async heads(chain?: string): Promise<Map<string, Head>> {
    const rows = await this.db.query<HeadRow>(sql.HEADS, [chain ?? null]);
    return new Map(rows.map(({ chain: name, sequence, hash }) => [name, { sequence, hash }]));
  }

  override async *read(chain?: string): AsyncIterable<Entry[]> {
    const day = chain?.slice(0, 10) ?? null;
    for (let from: unknown[] = ['0001-01-01', '', 0n]; ;) {
      const rows = await this.db.query<EntryRow>(sql.READ, [...from, chain ?? null, day, READ_ROWS]);
      const last = rows.at(-1);
      if (!last) return;
      yield rows.map(fromRow);
      from = [last.chain.slice(0, 10), last.chain, last.sequence];
    }
  }

  /** Makes the partitions of a day and of those after it, once per process and day. The role may not make tables; a function of the owner does. */
  async prepareDays(moment: Date): Promise<void> {
    const day = dayOf(moment);
    if (this.#prepared.has(day)) return;
    await this.db.query(sql.ENSURE_PARTITIONS, [day, DAYS_AHEAD]);
    this.#prepared.add(day);
  }
}

function markOf({ mark, eventId }: Unchained): string {
  return mark ?? eventId;
}

async function insertLinks(tx: Tx, links: readonly Link[]): Promise<void> {
  const both = links.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]);
  await tx.query(sql.INSERT_LINKS, [both.map(([from]) => from), both.map(([, to]) => to)]);
}

function byChain(recordedAt: Date, parts: readonly Part[], fresh: readonly Unchained[][]): Map<string, Unchained[]> {
  const chains = new Map<string, Unchained[]>();
  parts.forEach(({ topic, partition }, n) => {
    const chain = chainName(recordedAt, topic, partition);
    const entries = fresh[n] ?? [];
    if (entries.length > 0) chains.set(chain, [...(chains.get(chain) ?? []), ...entries]);
  });
  return chains;
}

/** Adds entries behind the heads of their chains, which stay locked until the commit. */
async function extend(tx: Tx, recordedAt: Date, chains: ReadonlyMap<string, readonly Unchained[]>): Promise<void> {
  if (chains.size === 0) return;
  const heads = await lockHeads(tx, [...chains.keys()]);
  await passing('audit-service.chain.locked');
  const moved = [...chains].map(([chain, entries]) => {
    const head = heads.get(chain);
    const chained = head ? chainOn(chain, head, entries) : [];
    const last = chained.at(-1);
    if (!head || !last) throw forked();
    return { chain, head, chained, last };
  });
  const chained = moved.flatMap((one) => one.chained);
  await tx.query(sql.INSERT_ENTRIES, toParams(dayOf(recordedAt), recordedAt, chained));
  const rows = await tx.query(sql.MOVE_HEADS, [
    moved.map(({ chain }) => chain),
    moved.map(({ last }) => last.sequence),
    moved.map(({ last }) => last.hash),
    moved.map(({ head }) => head.sequence),
  ]);
  if (rows.length !== moved.length) throw forked();
  await passing('audit-service.chain.extended');
}

/** The heads of these chains, held; those of chains that begin are made, which waits for whoever is making the same ones. */
async function lockHeads(tx: Tx, chains: readonly string[]): Promise<Map<string, Head>> {
  const lock = async (): Promise<Map<string, Head>> => {
    const rows = await tx.query<HeadRow>(sql.LOCK_HEADS, [chains]);
    return new Map(rows.map(({ chain, sequence, hash }) => [chain, { sequence, hash }]));
  };
  const heads = await lock();
  const made = chains.filter((chain) => !heads.has(chain));
  if (made.length === 0) return heads;
  await tx.query(sql.MAKE_HEADS, [made, made.map((chain) => genesis(chain).hash)]);
  return lock();
}

/** Thrown when a chain's head is not where the lock saw it; cannot happen while the lock holds, and must not be passed over. */
function forked(): AppError {
  const message = 'The head of the chain moved while it was locked.';
  return new AppError({ code: 'ABORTED', reason: 'AUDIT.HEAD_MOVED', message });
}
