import type { events } from '@parley/contracts';
import type { ReceivedRecord } from '@parley/event-bus';
import { personOfKey } from '../domain/customer.js';
import type { Evidence } from '../domain/evidence.js';
import { evidenceOf, personOf, wordOr } from './evidence-of.js';

/** A change of what may be sent. */
export function ofConsent(record: ReceivedRecord<events.ConsentChanged>): Evidence {
  const { value } = record;
  return evidenceOf(record, {
    action: value.granted ? 'consent_granted' : 'consent_withdrawn',
    occurredAt: value.at,
    person: personOf(value.contact),
    requestIds: [value.entryId, value.evidenceRef],
    metadata: { purpose: value.purpose, granted: value.granted, source: value.source },
    traceparent: value.traceparent,
  });
}

/** News from the business's own systems. */
export function ofBusiness(record: ReceivedRecord<events.BusinessEvent>): Evidence {
  const { value } = record;
  return evidenceOf(record, {
    action: wordOr(value.kind, 'business_event'),
    occurredAt: value.occurredAt,
    order: value.kind.startsWith('order_') ? value.number : '',
    requestIds: [value.eventId],
    content: { number: value.number, customerId: value.customerId },
    traceparent: value.traceparent,
  });
}

/** Evidence that a service recorded itself, above all a request to an outside system and its response. */
export function ofAudit(record: ReceivedRecord<events.AuditEvidenceRecorded>): Evidence {
  const { value } = record;
  return evidenceOf(record, {
    action: wordOr(value.operation, 'operation'),
    occurredAt: value.occurredAt,
    person: personOfKey(value.contactKey),
    order: value.orderNumber,
    session: value.conversationId,
    requestIds: [value.requestId, value.eventId],
    metadata: { service: value.service, outcome: value.outcome, durationMs: value.durationMs },
    content: { request: value.request ?? null, response: value.response ?? null },
    traceparent: value.traceparent,
  });
}
