import { events } from '@parley/contracts';
import type { ReceivedRecord } from '@parley/event-bus';
import type { Evidence } from '../domain/evidence.js';
import { evidenceOf, personOf, wordOr, type Facts } from './evidence-of.js';

type Event = NonNullable<events.ConversationEvent['event']>;
type Told = Pick<Facts, 'action' | 'order' | 'requestIds' | 'metadata' | 'content'>;
type Fact = Exclude<Event, { $case: 'turnTaken' }>;
type Tell<C extends Fact['$case']> = (value: Extract<Fact, { $case: C }>['value']) => Told;

/** One reader per kind of event: what may stand in the clear, and what is sealed. */
const TELL: { [C in Fact['$case']]: Tell<C> } = {
  messageRecorded: (message) => ({
    action: 'message_recorded',
    requestIds: [message.messageId],
    metadata: {
      direction: events.directionToJSON(message.direction),
      author: events.authorToJSON(message.author),
      type: message.type,
    },
    content: message.text,
  }),
  messageSettled: (settled) => ({
    action: 'message_settled',
    requestIds: [settled.sendId, settled.messageId],
    metadata: {
      status: events.settledStatusToJSON(settled.status),
      at: settled.at,
      reason: settled.reason || undefined,
      deliveredTwice: settled.deliveredTwice || undefined,
    },
  }),
  handoffRequested: (handoff) => ({
    action: 'handoff_requested',
    requestIds: [handoff.handoffId],
    metadata: {
      reason: handoff.reason,
      team: handoff.team,
      intent: handoff.intent,
      language: handoff.language,
      priority: handoff.priority,
    },
    content: { transcript: handoff.transcript },
  }),
  taskRequested: (task) => ({
    action: 'task_requested',
    order: task.orderNumber,
    requestIds: [task.idempotencyKey],
    metadata: { subject: task.subject, dueAt: task.dueAt },
    content: task.description,
  }),
  stateChanged: (state) => ({
    action: 'state_changed',
    metadata: {
      previous: events.conversationStateToJSON(state.previous),
      current: events.conversationStateToJSON(state.current),
      agentId: state.agentId || undefined,
    },
  }),
  intentUnderstood: (understood) => ({
    action: 'intent_understood',
    requestIds: [understood.messageId],
    metadata: { intent: understood.intent, confidence: understood.confidence, language: understood.language },
  }),
  callMade: (call) => ({
    action: 'call_made',
    requestIds: [call.requestId],
    metadata: { operation: wordOr(call.operation, 'other'), outcome: call.outcome, durationMs: call.durationMs },
    content: { request: call.request ?? null, response: call.response ?? null },
  }),
};

function tell(event: Event | undefined): Told {
  if (!event || event.$case === 'turnTaken') return { action: 'conversation_event' };
  const reader = TELL[event.$case] as Tell<Fact['$case']>;
  return reader(event.value);
}

/** What a record tells about a conversation: one fact, or those of a turn. */
export function ofConversation(record: ReceivedRecord<events.ConversationEvent>): Evidence[] {
  const isTurn = record.value.event?.$case === 'turnTaken';
  return events.eventsWithin(record.value).map((value) => {
    const told = tell(value.event);
    return evidenceOf(record, {
      ...told,
      eventId: isTurn ? value.eventId : undefined,
      occurredAt: value.occurredAt,
      person: personOf(value.contact),
      order: value.orderNumber || told.order,
      session: value.conversationId,
      requestIds: [...(told.requestIds ?? []), value.eventId],
      metadata: { ...told.metadata, flow: value.flow || undefined, customerId: value.customerId || undefined },
      traceparent: value.traceparent,
    });
  });
}
