import type { Database } from '@parley/postgres';
import type { SendRow } from '../../domain/send.js';
import { ChannelView } from '../../ports/channel-view.port.js';
import { fromProgressRow, PROGRESS, type ProgressRow } from './send-codec.js';

/** Reads the gateway's own tables. */
export class PostgresChannelView extends ChannelView {
  constructor(private readonly db: Database) {
    super();
  }

  async send(sendId: string): Promise<(SendRow & { updatedAt: Date }) | undefined> {
    const sql = `select ${PROGRESS}, updated_at from send where send_id = $1`;
    const [row] = await this.db.query<ProgressRow & { updated_at: Date }>(sql, [sendId]);
    return row && { ...fromProgressRow(row), updatedAt: row.updated_at };
  }

  async stoppedReasons(): Promise<Map<string, string>> {
    const sql = `select phone_number_id, stopped_reason from number_channel where stopped_reason <> ''`;
    const rows = await this.db.query<{ phone_number_id: string; stopped_reason: string }>(sql);
    return new Map(rows.map((row) => [row.phone_number_id, row.stopped_reason]));
  }
}
