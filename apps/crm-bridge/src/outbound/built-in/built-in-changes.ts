import type { Database } from '@parley/postgres';
import { placeOf, type Change, type ChangePage } from '../../domain/change.js';
import { Changes } from '../../ports/changes.port.js';

// A number from a sequence is taken before its transaction commits: whoever read up to it would miss what commits later with a
// smaller one. So transactions come first, and those that may still be open are not read yet.
const POLL = `select tx::text as tx, seq, kind, id, at from changes
  where (tx, seq) > ($1::text::xid8, $2::bigint) and tx < pg_snapshot_xmin(pg_current_snapshot())
  order by tx, seq limit $3`;

const PURGE = 'delete from changes where at < $1';
const KEPT_MS = 30 * 86_400_000;

type Row = Change & { tx: string; seq: bigint };

/** The feed of changes that triggers write in the transaction of each change. */
export class BuiltInChanges extends Changes {
  constructor(
    private readonly db: Database,
    private readonly now: () => Date,
  ) {
    super();
  }

  async poll(cursor: string, limit: number): Promise<ChangePage> {
    const rows = await this.db.query<Row>(POLL, [...placeOf(cursor), limit]);
    const last = rows.at(-1);
    const changes = rows.map(({ kind, id, at }) => ({ kind, id, at }));
    return { changes, cursor: last ? `${last.tx}.${last.seq}` : cursor };
  }

  /** Forgets what is older than the feed promises to keep. */
  async purge(): Promise<void> {
    await this.db.query(PURGE, [new Date(this.now().getTime() - KEPT_MS)]);
  }
}
