import type { events } from '@parley/contracts';
import { contactKey, topics, type OutgoingRecord } from '@parley/event-bus';

/** A conversation event as a record. */
export function eventRecord(value: events.ConversationEvent): OutgoingRecord {
  const { contact, eventId: id } = value;
  const key = contact ? contactKey(contact) : id;
  const traceparent = value.traceparent || undefined;
  return { topic: topics.conversationEvents, key, value, id, traceparent };
}
