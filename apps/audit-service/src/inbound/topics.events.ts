import {
  annotateRecord,
  topics,
  type EventBus,
  type ReceivedRecord,
  type Subscription,
  type Topic,
} from '@parley/event-bus';
import { ATTR } from '@parley/telemetry';
import type { Evidence } from '../domain/evidence.js';
import type { AppendEvidence } from '../usecases/append-evidence.js';
import { ofAudit, ofBusiness, ofConsent } from './business.evidence.js';
import { ofConversation } from './conversation.evidence.js';
import { ofInbound, ofOutbound, ofStatus } from './whatsapp.evidence.js';

const GROUP = 'audit';

/** Reads every topic there is. */
export async function subscribeAll(bus: EventBus, append: AppendEvidence): Promise<Subscription[]> {
  return [
    await subscribe(bus, append, topics.whatsappInbound, ofInbound),
    await subscribe(bus, append, topics.whatsappStatus, ofStatus),
    await subscribe(bus, append, topics.whatsappOutbound, ofOutbound),
    await subscribe(bus, append, topics.whatsappOutboundBulk, ofOutbound),
    await subscribe(bus, append, topics.conversationEvents, ofConversation),
    await subscribe(bus, append, topics.consentEvents, ofConsent),
    await subscribe(bus, append, topics.businessEvents, ofBusiness),
    await subscribe(bus, append, topics.auditEvents, ofAudit),
  ];
}

/** What a record tells of: one thing, or several in their order. */
type Reader<M> = (record: ReceivedRecord<M>) => Evidence | Evidence[];

/** Batches become transactions: marks, entries, and the places in the log. */
function subscribe<M>(bus: EventBus, append: AppendEvidence, topic: Topic<M>, read: Reader<M>): Promise<Subscription> {
  return bus.subscribe({
    group: GROUP,
    topic,
    // Evidence may be a moment late; in exchange it takes few transactions, and leaves processor and disk to those who are
    // answering a customer just now.
    patienceMs: 1000,
    acrossPartitions: true,
    handle: async (batch) => {
      const partitions = Map.groupBy(batch.records, ({ partition }) => partition);
      const parts = [...partitions].map(([partition, records]) => {
        return { topic: topic.name, partition, evidence: records.flatMap((record) => evidenceFrom(record, read)) };
      });
      await append.runParts(parts, (tx) => batch.commitIn(tx));
    },
  });
}

function evidenceFrom<M>(record: ReceivedRecord<M>, read: Reader<M>): Evidence[] {
  const found = [read(record)].flat();
  const session = found[0]?.session ?? '';
  if (session !== '') annotateRecord(record, { [ATTR.conversationId]: session });
  return found;
}
