import { common, type events } from '@parley/contracts';
import type { EventBus, OutgoingRecord } from '@parley/event-bus';
import type { Database, Inbox, Tx } from '@parley/postgres';
import { passing } from '@parley/resilience';
import { ATTR, inSpan } from '@parley/telemetry';
import { settledAs, type SendRow } from '../../domain/send.js';
import { settledEvent } from '../../domain/send-events.js';
import { advance } from '../../domain/status-order.js';
import { Statuses, type ReceivedStatus } from '../../ports/statuses.port.js';
import { eventRecord } from './event-record.js';
import { writeRows } from './progress.js';
import { fromProgressRow, PROGRESS, type ProgressRow } from './send-codec.js';

/** How long a status waits for its message to be known: an answer of the Graph API is written within seconds. */
const EARLY_KEPT = `interval '1 hour'`;

interface EarlyRow {
  message_id: string;
  status: number;
  at: Date;
  reason: string;
  phone_number_id: string;
}

/** Statuses against the table `send`: two statements per batch, whatever its size. */
export class PostgresStatuses extends Statuses {
  constructor(
    private readonly db: Database,
    private readonly inbox: Inbox,
    private readonly bus: Pick<EventBus, 'append'>,
  ) {
    super();
  }

  async settle(statuses: readonly ReceivedStatus[], commit: (tx: Tx) => Promise<void>): Promise<Set<string>> {
    const settled = await this.db.transaction(async (tx) => {
      const ids = statuses.map(({ itemId }) => itemId);
      const fresh = await this.inbox.markNew(tx, ids);
      await passing('gateway.status.marked');
      // The same status twice in one batch is one status.
      const wanted = statuses.filter(({ itemId }) => fresh.delete(itemId));
      const { found, strays, records } = await this.#apply(tx, wanted);
      await this.#keepEarly(tx, strays);
      await passing('gateway.status.applied');
      await commit(tx);
      if (records.length > 0) await this.bus.append(tx, records);
      await passing('gateway.status.appended');
      return found;
    });
    await passing('gateway.status.committed');
    return settled;
  }

  async adopt(): Promise<number> {
    return this.db.transaction(async (tx) => {
      await tx.query(`delete from early_status where received_at < now() - ${EARLY_KEPT}`);
      const rows = await tx.query<EarlyRow>(
        `delete from early_status e using send s where s.message_id = e.message_id and e.message_id <> ''
         returning e.message_id, e.status, e.at, e.reason, e.phone_number_id`,
      );
      const { found, records } = await this.#apply(tx, rows.map(fromEarly));
      if (records.length > 0) await this.bus.append(tx, records);
      await passing('gateway.early.adopted');
      return found.size;
    });
  }

  async #apply(tx: Tx, statuses: readonly ReceivedStatus[]): Promise<Applied> {
    const applied: Applied = { found: new Set(), strays: [], records: [] };
    if (statuses.length === 0) return applied;
    const sql = `select ${PROGRESS} from send where send_id = any($1) or (message_id = any($2) and message_id <> '')
      order by send_id for update`;
    const rows = await tx.query<ProgressRow>(sql, [
      statuses.map(({ sendId }) => sendId),
      statuses.map(({ messageId }) => messageId),
    ]);
    const sends = new Map(rows.map((row) => [row.send_id, new Moving(row)]));
    const byMessage = new Map([...sends.values()].map((moving) => [moving.after.messageId, moving]));
    for (const status of statuses) {
      const moving = sends.get(status.sendId) ?? (status.messageId ? byMessage.get(status.messageId) : undefined);
      if (!moving) applied.strays.push(status);
      else {
        applied.found.add(moving.after.sendId);
        await moving.move(status);
      }
    }
    applied.records.push(...[...sends.values()].flatMap(({ news }) => (news ? [eventRecord(news)] : [])));
    await writeRows(
      tx,
      [...sends.values()].flatMap(({ changed, after }) => (changed ? [after] : [])),
    );
    return applied;
  }

  /** Without our id in it a status can only be known by its message, whose id may not be written yet. */
  async #keepEarly(tx: Tx, strays: readonly ReceivedStatus[]): Promise<void> {
    const early = strays.filter(({ sendId, messageId }) => sendId === '' && messageId !== '');
    if (early.length === 0) return;
    const sql = `insert into early_status (message_id, status, at, reason, phone_number_id)
      select * from unnest($1::text[], $2::smallint[], $3::timestamptz[], $4::text[], $5::text[]) on conflict do nothing`;
    await tx.query(sql, [
      early.map(({ messageId }) => messageId),
      early.map(({ status }) => status),
      early.map(({ at }) => at),
      early.map(({ reason }) => reason),
      // Only the number it is about: nothing personal lies here in the clear.
      early.map(({ recipient }) => recipient?.phoneNumberId ?? ''),
    ]);
  }
}

interface Applied {
  found: Set<string>;
  strays: ReceivedStatus[];
  records: OutgoingRecord[];
}

/** A row on its way through the statuses of a batch. */
class Moving {
  readonly #row: ProgressRow;
  after: SendRow;
  changed = false;
  /** What is told in the end: how far it has got includes all it passed on the way, so of a batch only the last is told. */
  news: events.ConversationEvent | undefined;

  constructor(row: ProgressRow) {
    this.#row = row;
    this.after = fromProgressRow(row);
  }

  /** Applies a status. The span of it is part of the message's own trace. */
  async move(status: ReceivedStatus): Promise<void> {
    const before = this.after;
    const progress = advance(before, status);
    // A send in whatever doubt is settled by hearing of it; its claim's answer finds it so.
    const open = before.state === 'sending' || before.state === 'in-doubt' || before.state === 'needs-human';
    const moved = progress.status > before.status || progress.deliveredTwice !== before.deliveredTwice;
    if (!moved && !(open && progress !== before)) return;
    this.after = {
      ...before,
      ...progress,
      state: open ? 'settled' : before.state,
      retryAt: open ? null : before.retryAt,
    };
    this.changed = true;
    const rank = settledAs(before, this.after);
    if (rank === undefined) return;
    const { conversation_id: conversationId, traceparent: parent } = this.#row;
    const attributes = { [ATTR.sendId]: before.sendId, [ATTR.conversationId]: conversationId };
    await inSpan('settle message', { parent, links: [status.traceparent], attributes }, ({ traceparent }) => {
      const context = { conversationId, contact: status.recipient, traceparent };
      this.news = settledEvent(this.after, rank, status.at, context);
      return Promise.resolve();
    });
  }
}

function fromEarly(row: EarlyRow): ReceivedStatus {
  const recipient = common.WhatsAppIdentity.fromPartial({ phoneNumberId: row.phone_number_id });
  const { at, reason, status, message_id: messageId } = row;
  return { itemId: '', sendId: '', messageId, status, at, reason, recipient, traceparent: '' };
}
