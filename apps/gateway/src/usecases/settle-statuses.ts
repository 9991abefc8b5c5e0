import { counter } from '@parley/telemetry';
import { events } from '@parley/contracts';
import type { Tx } from '@parley/postgres';
import { graphReason } from '../domain/graph-errors.js';
import { judge } from '../domain/judge.js';
import { rankOf } from '../domain/status-order.js';
import type { Clock } from '../ports/clock.port.js';
import type { ReceivedStatus, Statuses } from '../ports/statuses.port.js';
import type { NumberRate } from './number-rate.js';

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
    private readonly rates: ReadonlyMap<string, NumberRate>,
    private readonly clock: Clock,
    private readonly onReceived: (at: Date, sendIds: ReadonlySet<string>) => void,
  ) {}

  async run(records: readonly StatusRecord[], commit: (tx: Tx) => Promise<void>): Promise<void> {
    const known = records.flatMap((record) => this.#read(record));
    const sendIds = await this.statuses.settle(known, commit);
    for (const status of known) if (sendIds.has(status.sendId)) this.#tellNumber(status);
    const received = records.map(({ value }) => value.receivedAt?.getTime() ?? 0);
    if (records.length > 0) this.onReceived(new Date(Math.max(...received)), sendIds);
  }

  /** What befalls one message may be true of the number: many errors are told by status only, after a POST was accepted. */
  #tellNumber({ recipient, status, code, at }: ReceivedStatus): void {
    const rate = this.rates.get(recipient?.phoneNumberId ?? '');
    // Meta's clock is not ours: nothing has happened later than now.
    const now = this.clock.now().getTime();
    const when = Math.min(at.getTime(), now);
    if (status !== events.SettledStatus.FAILED) return rate?.reached(when);
    if (code === undefined) return;
    const { stopNumber, pauseNumberMs } = judge({ attempts: 1, unsent: 0 }, { kind: 'answered', code }, at);
    if (stopNumber !== undefined) rate?.failed(stopNumber, when);
    const rest = when + (pauseNumberMs ?? 0) - now;
    if (rest > 0) rate?.pause(rest);
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
        code: value.status === FAILED ? code : undefined,
        recipient: value.recipient,
        traceparent: traceparent ?? value.traceparent,
      },
    ];
  }
}
