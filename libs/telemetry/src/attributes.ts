import { createHash } from 'node:crypto';

/** Attribute names of spans and logs that are Parley's own; everything else follows OpenTelemetry's semantic conventions. */
export const ATTR = {
  conversationId: 'parley.conversation.id',
  messageId: 'parley.message.id',
  sendId: 'parley.send.id',
  orderNumber: 'parley.order.number',
  flow: 'parley.flow',
  intent: 'parley.intent',
  topic: 'messaging.destination.name',
  partition: 'messaging.destination.partition.id',
  group: 'messaging.consumer.group.name',
  batchSize: 'messaging.batch.message_count',
  outcome: 'parley.outcome',
} as const;

/**
 * An id that others made, as a span or a log may tell it: a hash. What looks like an id may say more (WhatsApp's message ids hold
 * the customer's phone number in base64).
 */
export function hashedId(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 16);
}
