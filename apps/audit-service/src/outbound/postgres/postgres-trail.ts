import { AppError } from '@parley/errors';
import type { Database, Inbox, Tx } from '@parley/postgres';
import { passing } from '@parley/resilience';
import { chainName, chainOn, dayOf, genesis, type Head } from '../../domain/chain.js';
import type { Entry, Unchained } from '../../domain/evidence.js';
import { Trail, type Append, type Link, type Search } from '../../ports/trail.port.js';
import { fromRow, toColumns, type EntryRow } from './rows.js';
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

  override async append({ topic, partition, entries, links = [], commit }: Append): Promise<number> {
    const [first] = entries;
    if (first) await this.prepareDays(first.recordedAt);
    return this.db.transaction(async (tx) => {
      const isNew = await this.inbox.markNew(
        tx,
        entries.map(({ eventId }) => eventId),
      );
      await passing('audit-service.batch.marked');
      const fresh = entries.filter(({ eventId }) => isNew.has(eventId));
      if (links.length > 0) await insertLinks(tx, links);
      if (first && fresh.length > 0) await extend(tx, chainName(first.recordedAt, topic, partition), fresh);
      await commit?.(tx);
      return fresh.length;
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

async function insertLinks(tx: Tx, links: readonly Link[]): Promise<void> {
  const both = links.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]);
  await tx.query(sql.INSERT_LINKS, [both.map(([from]) => from), both.map(([, to]) => to)]);
}

/** Adds entries behind the head, which stays locked until the commit. */
async function extend(tx: Tx, chain: string, entries: readonly Unchained[]): Promise<void> {
  const head = (await lockHead(tx, chain)) ?? (await makeHead(tx, chain));
  await passing('audit-service.chain.locked');
  const chained = chainOn(chain, head, entries);
  const [first, last] = [chained[0], chained.at(-1)];
  if (!first || !last) return;
  const common = [chain.slice(0, 10), chain, first.topic, first.recordedAt];
  await tx.query(sql.INSERT_ENTRIES, [...common, ...toColumns(chained)]);
  const moved = await tx.query(sql.MOVE_HEAD, [chain, last.sequence, last.hash, head.sequence]);
  if (moved.length !== 1) throw forked();
  await passing('audit-service.chain.extended');
}

async function lockHead(tx: Tx, chain: string): Promise<Head | undefined> {
  const [head] = await tx.query<Head>(sql.LOCK_HEAD, [chain]);
  return head;
}

/** The first entry of a chain; waits for another transaction that is making the same one. */
async function makeHead(tx: Tx, chain: string): Promise<Head> {
  await tx.query(sql.MAKE_HEAD, [chain, genesis(chain).hash]);
  const head = await lockHead(tx, chain);
  if (!head) throw forked();
  return head;
}

/** Thrown when a chain's head is not where the lock saw it; cannot happen while the lock holds, and must not be passed over. */
function forked(): AppError {
  const message = 'The head of the chain moved while it was locked.';
  return new AppError({ code: 'ABORTED', reason: 'AUDIT.HEAD_MOVED', message });
}
