import { annotateRecord, topics, type Batch, type EventBus, type Subscription } from '@parley/event-bus';
import type { events } from '@parley/contracts';
import { ATTR } from '@parley/telemetry';
import type { Lane } from '../domain/send.js';
import type { AcceptSends, RequestBatch } from '../usecases/accept-sends.js';
import type { AwaitStatuses } from '../usecases/await-statuses.js';
import type { DispatchSends } from '../usecases/dispatch-sends.js';

/** A batch of a campaign is small: a live message waits while this process encrypts it and the database takes it. */
const LANES = [
  { lane: 'live', group: 'gateway', topic: topics.whatsappOutbound, maxRecords: 500 },
  { lane: 'bulk', group: 'gateway-bulk', topic: topics.whatsappOutboundBulk, maxRecords: 50 },
] as const;

/** What the sender is made of, as far as its topics concern it. */
export interface Sender {
  accept: AcceptSends;
  dispatch: DispatchSends;
  doubtful: AwaitStatuses;
}

/** Reads what is to be sent: answers and campaigns on separate lanes. */
export function subscribeOutbound(bus: EventBus, sender: Sender): Promise<Subscription[]> {
  const subscribe = ({ lane, group, topic, maxRecords }: (typeof LANES)[number]): Promise<Subscription> =>
    bus.subscribe<events.MessageRequested>({
      group,
      topic,
      maxRecords,
      acrossPartitions: true,
      handle: (batch) => sender.accept.run(toRequests(lane, batch)),
      onAssigned: (partitions) => sender.accept.assigned(lane, partitions),
      onRevoked: (partitions) => revoke(sender, lane, partitions),
    });
  return Promise.all(LANES.map(subscribe));
}

async function revoke({ dispatch, doubtful }: Sender, lane: Lane, partitions: number[]): Promise<void> {
  await dispatch.release(lane, partitions);
  doubtful.release((send) => send.lane === lane && partitions.includes(send.partition));
}

function toRequests(lane: Lane, batch: Batch<events.MessageRequested>): RequestBatch {
  const requests = batch.records.map((record) => {
    const { value, partition, offset, traceparent } = record;
    annotateRecord(record, { [ATTR.conversationId]: value.conversationId, [ATTR.sendId]: value.sendId });
    return { message: { ...value, traceparent: traceparent ?? value.traceparent }, partition, offset };
  });
  return { lane, requests, signal: batch.signal, commitIn: (tx) => batch.commitIn(tx) };
}
