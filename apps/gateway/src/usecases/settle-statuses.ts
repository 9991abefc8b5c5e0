import { counter } from '@parley/telemetry';
import type { events } from '@parley/contracts';
import type { Tx } from '@parley/postgres';
import { graphReason } from '../domain/graph-errors.js';
import { rankOf } from '../domain/status-order.js';
import type { Clock } from '../ports/clock.port.js';
import type { ReceivedStatus, Statuses } from '../ports/statuses.port.js';

const seen = counter('parley_gateway_statuses_total', 'Delivery statuses by kind', ['status']);
const FAILED = 'failed';

/** One status with the trace context it is handled under. */
export interface StatusRecord {
  value: events.MessageStatusReceived;
  traceparent?: string;
}

/** Moves sends forward by what Meta reports. Unknown statuses are kept where they came from (topic and audit) and move nothing. */
export class SettleStatuses {
  /** @param onReceived told when statuses were received, and of which sends: somebody may be waiting for them */
  constructor(
    private readonly statuses: Statuses,
    private readonly clock: Clock,
    private readonly onReceived: (at: Date, sendIds: ReadonlySet<string>) => void,
  ) {}

  async run(records: readonly StatusRecord[], commit: (tx: Tx) => Promise<void>): Promise<void> {
    const known = records.flatMap((record) => this.#read(record));
    const sendIds = await this.statuses.settle(known, commit);
    const received = records.map(({ value }) => value.receivedAt?.getTime() ?? 0);
    if (records.length > 0) this.onReceived(new Date(Math.max(...received)), sendIds);
  }

  #read({ value, traceparent }: StatusRecord): ReceivedStatus[] {
    const status = rankOf(value.status);
    seen.inc({ status: status === undefined ? 'unknown' : value.status });
    if (status === undefined) return [];
    const code = value.errors[0]?.code;
    return [
      {
        itemId: value.itemId,
        sendId: value.callbackData,
        messageId: value.messageId,
        status,
        at: value.at ?? value.receivedAt ?? this.clock.now(),
        reason: value.status === FAILED ? (code === undefined ? 'GRAPH.UNKNOWN' : graphReason(code)) : '',
        recipient: value.recipient,
        traceparent: traceparent ?? value.traceparent,
      },
    ];
  }
}
