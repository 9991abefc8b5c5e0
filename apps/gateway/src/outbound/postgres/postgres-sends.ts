import { randomUUID } from 'node:crypto';
import type { events } from '@parley/contracts';
import type { EventBus, OutgoingRecord } from '@parley/event-bus';
import type { Database, PersonVault, Tx } from '@parley/postgres';
import { passing } from '@parley/resilience';
import { PAIR_HISTORY_MS } from '../../domain/pair-limit.js';
import { applyOutcome, settledAs, type Lane, type NewSend, type Send, type SendState } from '../../domain/send.js';
import { settledEvent } from '../../domain/send-events.js';
import type { Clock } from '../../ports/clock.port.js';
import { Sends, type ClaimResult, type LeftBehind } from '../../ports/sends.port.js';
import { eventRecord } from './event-record.js';
import { evidenceOf } from './evidence.js';
import { lockRows, writeRows } from './progress.js';
import { fromProgressRow, SendCodec, type OpenRow } from './send-codec.js';

const OPEN_STATES = `('queued', 'sending', 'in-doubt', 'waiting')`;
const OPEN_ROW = `send_id, lane, partition, topic_offset, recipient, identities, message, state, attempts, resent, retry_at`;

/** What the store appends events with. */
type Appender = Pick<EventBus, 'append'>;

/** The table `send`. One statement per batch everywhere; events are appended by the transaction that decides them. */
export class PostgresSends extends Sends {
  readonly #codec: SendCodec;
  /** Tells claims of this process from all others. */
  readonly #claimer = randomUUID();

  constructor(
    private readonly db: Database,
    vault: PersonVault,
    private readonly bus: Appender,
    private readonly clock: Clock,
  ) {
    super();
    this.#codec = new SendCodec(vault);
  }

  recipientOf(message: events.MessageRequested): string {
    return this.#codec.recipientOf(message);
  }

  async accept(sends: readonly NewSend[], commit: (tx: Tx) => Promise<void>): Promise<Set<string>> {
    const bodies = await this.#codec.encrypt(sends.map(({ message }) => message));
    const accepted = await this.db.transaction(async (tx) => {
      const fresh = sends.length > 0 ? await this.#insert(tx, sends, bodies) : new Set<string>();
      await passing('gateway.requests.written');
      await commit(tx);
      const refused = sends.filter(({ state, message }) => state === 'refused' && fresh.has(message.sendId));
      await this.#append(
        tx,
        refused.map((send) => this.#refusal(send)),
      );
      return fresh;
    });
    await passing('gateway.requests.accepted');
    return accepted;
  }

  async #insert(tx: Tx, sends: readonly NewSend[], bodies: readonly Buffer[]): Promise<Set<string>> {
    const sql = `insert into send (send_id, lane, partition, topic_offset, phone_number_id, recipient, identities, message,
        conversation_id, traceparent, state, status, reason, attempts, posted_at)
      select send_id, lane, partition, topic_offset, phone_number_id, recipient, string_to_array(identities, ','), message,
        conversation_id, traceparent, state, case when state = 'refused' then 3 else 0 end, reason,
        case when state = 'sending' then 1 else 0 end, case when state = 'sending' then now() end
      from unnest($1::text[], $2::text[], $3::int[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::bytea[],
        $9::text[], $10::text[], $11::text[], $12::text[])
        as n(send_id, lane, partition, topic_offset, phone_number_id, recipient, identities, message, conversation_id,
          traceparent, state, reason)
      order by send_id on conflict (send_id) do nothing returning send_id`;
    const rows = await tx.query<{ send_id: string }>(sql, [
      sends.map(({ message }) => message.sendId),
      sends.map(({ lane }) => lane),
      sends.map(({ partition }) => partition),
      sends.map(({ offset }) => String(offset)),
      sends.map(({ message }) => message.recipient?.phoneNumberId ?? ''),
      sends.map(({ recipient }) => recipient),
      sends.map(({ message }) => this.#codec.identitiesOf(message).join(',')),
      bodies,
      sends.map(({ message }) => message.conversationId),
      sends.map(({ message }) => message.traceparent),
      sends.map(({ state }) => state),
      sends.map(({ reason }) => reason),
    ]);
    return new Set(rows.map(({ send_id }) => send_id));
  }

  async leftBehind(lane: Lane, partitions: readonly number[]): Promise<LeftBehind> {
    // Whoever claimed these is gone, or will find its answer written to a row in doubt: nobody knows whether they left.
    const doubt = `update send set state = 'in-doubt', updated_at = now()
      where lane = $1 and partition = any($2) and state = 'sending'`;
    await this.db.query(doubt, [lane, partitions]);
    await passing('gateway.partition.doubted');
    const open = `select ${OPEN_ROW} from send
      where lane = $1 and partition = any($2) and state in ${OPEN_STATES} order by partition, topic_offset`;
    const posted = `select recipient, array_agg(extract(epoch from posted_at)::float8 * 1000 order by posted_at) as moments
      from send where lane = $1 and partition = any($2) and posted_at > now() - $3 * interval '1 ms' group by recipient`;
    const rows = await this.db.query<OpenRow>(open, [lane, partitions]);
    const moments = await this.db.query<{ recipient: string; moments: number[] }>(posted, [
      lane,
      partitions,
      PAIR_HISTORY_MS,
    ]);
    const history = new Map(moments.map((row) => [row.recipient, row.moments]));
    return { sends: await this.#codec.toSends(rows), history };
  }

  async find(sendIds: readonly string[], undo: boolean): Promise<Send[]> {
    const doubt = `update send set state = 'in-doubt', updated_at = now() where send_id = any($1) and state = 'sending'`;
    // A first claim whose commit was not heard of, and on which nobody acted, is as good as none.
    const undone = `update send set state = 'queued', attempts = 0, updated_at = now()
      where send_id = any($1) and state = 'sending' and attempts = 1`;
    await this.db.query(undo ? undone : doubt, [sendIds]);
    const sql = `select ${OPEN_ROW} from send where send_id = any($1) and state in ${OPEN_STATES} order by topic_offset`;
    return this.#codec.toSends(await this.db.query<OpenRow>(sql, [sendIds]));
  }

  async claim(sends: readonly Send[], resent: boolean): Promise<Set<string>> {
    const from = resent ? `('in-doubt')` : `('queued', 'waiting')`;
    // The second branch is this very claim, committed unheard before: only its claimer, which has not acted on it, gets it.
    const sql = `update send s set state = 'sending', attempts = s.attempts + (s.state <> 'sending')::int,
        resent = s.resent or $3, posted_at = now(), retry_at = null, claimer = $4, updated_at = now()
      from unnest($1::text[], $2::int[]) as held(send_id, attempts)
      where s.send_id = held.send_id and (s.state in ${from}
        or (s.state = 'sending' and s.claimer = $4 and s.attempts = held.attempts + 1))
      returning s.send_id`;
    const ids = sends.map(({ message }) => message.sendId);
    const attempts = sends.map((send) => send.attempts);
    const rows = await this.db.query<{ send_id: string }>(sql, [ids, attempts, resent, this.#claimer]);
    await passing('gateway.claim.committed');
    return new Set(rows.map(({ send_id }) => send_id));
  }

  async settle(results: readonly ClaimResult[]): Promise<Map<string, SendState>> {
    const byId = new Map(results.map((result) => [result.send.message.sendId, result]));
    const now = this.clock.now();
    const settled = await this.db.transaction(async (tx) => {
      const before = await lockRows(tx, [...byId.keys()]);
      const states = new Map<string, SendState>();
      const changed = [];
      const records: OutgoingRecord[] = results.flatMap((result) => evidenceOf(result, now));
      for (const found of before) {
        const row = fromProgressRow(found);
        const result = byId.get(row.sendId) as ClaimResult;
        const after = applyOutcome(row, result.send.attempts, result.outcome);
        states.set(row.sendId, after?.state ?? row.state);
        if (!after) continue;
        changed.push(after);
        const status = settledAs(row, after);
        const traceparent = result.traceparent || found.traceparent;
        const { recipient: contact } = result.send.message;
        const context = { conversationId: found.conversation_id, contact, traceparent };
        if (status !== undefined) records.push(eventRecord(settledEvent(after, status, now, context)));
      }
      await writeRows(tx, changed);
      await passing('gateway.result.written');
      await this.#append(tx, records);
      await passing('gateway.result.appended');
      return states;
    });
    await passing('gateway.result.committed');
    return settled;
  }

  async resolved(sendIds: readonly string[]): Promise<Map<string, SendState>> {
    const sql = `select send_id, state from send where send_id = any($1) and state <> 'in-doubt'`;
    const rows = await this.db.query<{ send_id: string; state: SendState }>(sql, [sendIds]);
    return new Map(rows.map(({ send_id, state }) => [send_id, state]));
  }

  #refusal({ message, reason }: NewSend): OutgoingRecord {
    const { sendId, conversationId, recipient: contact, traceparent } = message;
    const row = { sendId, reason, messageId: '', deliveredTwice: false, attempts: 0, resent: false, retryAt: null };
    const after = { ...row, state: 'refused', status: 3 } as const;
    return eventRecord(settledEvent(after, 3, this.clock.now(), { conversationId, contact, traceparent }));
  }

  async #append(tx: Tx, records: OutgoingRecord[]): Promise<void> {
    if (records.length > 0) await this.bus.append(tx, records);
  }
}
