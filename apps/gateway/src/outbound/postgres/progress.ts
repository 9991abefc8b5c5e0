import type { Tx } from '@parley/postgres';
import type { SendRow } from '../../domain/send.js';
import { PROGRESS, type ProgressRow } from './send-codec.js';

/** Rows locked for a change, in one order everywhere, so that two writers wait for each other instead of deadlocking. */
export async function lockRows(tx: Tx, sendIds: readonly string[]): Promise<ProgressRow[]> {
  const sql = `select ${PROGRESS} from send where send_id = any($1) order by send_id for update`;
  return tx.query<ProgressRow>(sql, [sendIds]);
}

/** Writes changed rows in one statement, without waiting for it. */
export async function writeRows(tx: Tx, rows: readonly SendRow[]): Promise<void> {
  if (rows.length === 0) return;
  const sql = `update send s set state = n.state, status = n.status, message_id = n.message_id, reason = n.reason,
      attempts = n.attempts, delivered_twice = n.delivered_twice, retry_at = n.retry_at, updated_at = now()
    from unnest($1::text[], $2::text[], $3::smallint[], $4::text[], $5::text[], $6::int[], $7::bool[], $8::timestamptz[])
      as n(send_id, state, status, message_id, reason, attempts, delivered_twice, retry_at)
    where s.send_id = n.send_id`;
  await tx.later(sql, [
    rows.map(({ sendId }) => sendId),
    rows.map(({ state }) => state),
    rows.map(({ status }) => status),
    rows.map(({ messageId }) => messageId),
    rows.map(({ reason }) => reason),
    rows.map(({ attempts }) => attempts),
    rows.map(({ deliveredTwice }) => deliveredTwice),
    rows.map(({ retryAt }) => retryAt),
  ]);
}
