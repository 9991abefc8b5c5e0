import { events } from '@parley/contracts';
import type { ReceivedRecord } from '@parley/event-bus';
import type { Evidence } from '../domain/evidence.js';
import { evidenceOf, personOf, wordOr } from './evidence-of.js';

/** A webhook item: what kind it is in the clear, the whole item sealed. */
export function ofInbound(record: ReceivedRecord<events.WebhookItemReceived>): Evidence {
  const { value } = record;
  const message = value.field === 'messages';
  const metadata = {
    field: wordOr(value.field, 'other'),
    type: value.type === '' ? undefined : wordOr(value.type, 'other'),
    businessNumber: businessNumber(value.contact?.phoneNumberId),
    receivedAt: value.receivedAt,
  };
  return evidenceOf(record, {
    action: message ? 'message_received' : wordOr(value.field, 'webhook_item'),
    occurredAt: value.sentAt ?? value.receivedAt,
    person: personOf(value.contact),
    requestIds: [value.itemId, value.contextMessageId],
    metadata,
    content: jsonOf(value.raw) ?? value.content?.value,
    traceparent: value.traceparent,
  });
}

/** What Meta says became of a message. */
export function ofStatus(record: ReceivedRecord<events.MessageStatusReceived>): Evidence {
  const { value } = record;
  return evidenceOf(record, {
    action: 'status_received',
    occurredAt: value.at ?? value.receivedAt,
    person: personOf(value.recipient),
    requestIds: [value.messageId, value.callbackData],
    metadata: {
      status: wordOr(value.status, 'other'),
      businessNumber: businessNumber(value.recipient?.phoneNumberId),
      errors: value.errors.map(({ code }) => code),
      receivedAt: value.receivedAt,
    },
    content: jsonOf(value.raw) ?? { errors: value.errors },
    traceparent: value.traceparent,
  });
}

/** A message that was decided. */
export function ofOutbound(record: ReceivedRecord<events.MessageRequested>): Evidence {
  const { value } = record;
  const { content } = value;
  return evidenceOf(record, {
    action: 'message_requested',
    occurredAt: value.requestedAt,
    person: personOf(value.recipient),
    session: value.conversationId,
    requestIds: [value.sendId, value.inReplyTo],
    metadata: {
      lane: record.topic === 'whatsapp.outbound.bulk' ? 'bulk' : 'live',
      category: events.messageCategoryToJSON(value.category),
      kind: content?.$case,
      template: content?.$case === 'template' ? content.value.name : undefined,
      decidedBy: value.decidedBy,
      language: value.language,
      windowUntil: value.windowUntil,
      businessNumber: businessNumber(value.recipient?.phoneNumberId),
    },
    content: content?.value,
    traceparent: value.traceparent,
  });
}

// Meta's id of the business's own number: no personal data, but digits, which masking would take for somebody's phone.
function businessNumber(phoneNumberId: string | undefined): string | undefined {
  return phoneNumberId ? `id:${phoneNumberId}` : undefined;
}

/** The JSON of an item; what is no JSON is kept as it is, in base64. */
function jsonOf(raw: Uint8Array): unknown {
  if (raw.length === 0) return undefined;
  try {
    return JSON.parse(Buffer.from(raw).toString('utf8')) as unknown;
  } catch {
    return raw;
  }
}
