import type { Database } from '@parley/postgres';
import { passing } from '@parley/resilience';
import { NumberSlot, sliceMs } from '../../domain/number-slot.js';
import type { Clock } from '../../ports/clock.port.js';
import { NumberLeases, type NumberLease } from '../../ports/number-leases.port.js';

/** Slices are taken this far ahead at most: a replica that dies takes no more than that with it. */
const HORIZON_MS = 300;

interface LeaseRow {
  ends_in: number;
  stopped_reason: string;
  stopped_for: number;
}

/** One row per number says from when on its time is free; every replica takes its slices there. */
export class PostgresNumberLeases extends NumberLeases {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  async lease(phoneNumberId: string, perSecond: number): Promise<NumberLease> {
    const length = sliceMs(perSecond);
    const sql = `insert into number_channel as c (phone_number_id, free_at)
      values ($1, clock_timestamp() + $2 * interval '1 ms')
      on conflict (phone_number_id) do update
        set free_at = greatest(c.free_at, clock_timestamp()) + $2 * interval '1 ms'
        where c.free_at < clock_timestamp() + $3 * interval '1 ms'
      returning extract(epoch from free_at - clock_timestamp())::float8 * 1000 as ends_in, stopped_reason,
        extract(epoch from clock_timestamp() - stopped_at)::float8 * 1000 as stopped_for`;
    const asked = this.clock.now().getTime();
    const [row] = await this.db.query<LeaseRow>(sql, [phoneNumberId, length, HORIZON_MS]);
    await passing('gateway.slice.leased');
    const answered = this.clock.now().getTime();
    if (!row) return { slot: undefined, stoppedReason: undefined, stoppedForMs: 0 };
    // The server's clock is not ours, and the answer took a while: begin late and end early, never the other way round.
    const slot = new NumberSlot(answered + Math.max(0, row.ends_in - length), asked + row.ends_in, perSecond);
    const stoppedForMs = row.stopped_reason === '' ? 0 : Math.max(0, row.stopped_for);
    return { slot, stoppedReason: row.stopped_reason, stoppedForMs };
  }

  async report(phoneNumberId: string, stoppedReason: string): Promise<void> {
    const sql = `insert into number_channel (phone_number_id, stopped_reason, stopped_at) values ($1, $2, clock_timestamp())
      on conflict (phone_number_id) do update
        set stopped_reason = excluded.stopped_reason, stopped_at = excluded.stopped_at`;
    await this.db.query(sql, [phoneNumberId, stoppedReason]);
  }
}
