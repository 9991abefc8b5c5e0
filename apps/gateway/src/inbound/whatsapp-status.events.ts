import { topics, type EventBus, type Subscription } from '@parley/event-bus';
import type { SettleStatuses } from '../usecases/settle-statuses.js';

/** Reads what became of messages we sent. */
export function subscribeStatus(bus: EventBus, settle: SettleStatuses): Promise<Subscription> {
  return bus.subscribe({
    group: 'gateway-status',
    topic: topics.whatsappStatus,
    patienceMs: 500,
    acrossPartitions: true,
    handle: (batch) => settle.run(batch.records, (tx) => batch.commitIn(tx)),
  });
}
