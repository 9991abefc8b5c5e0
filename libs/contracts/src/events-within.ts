import type { ConversationEvent } from './gen/parley/events/v1/conversation_events.js';

/** The facts an event tells of, one by one: those of a turn, each with what it has in common with the others; else the event itself. */
export function eventsWithin(event: ConversationEvent): ConversationEvent[] {
  if (event.event?.$case !== 'turnTaken') return [event];
  const { conversationId, contact, customerId, occurredAt, traceparent } = event;
  return event.event.value.events.map((one) => ({
    ...one,
    conversationId: one.conversationId || conversationId,
    contact: one.contact ?? contact,
    customerId: one.customerId || customerId,
    occurredAt: one.occurredAt ?? occurredAt,
    traceparent: one.traceparent || traceparent,
  }));
}
