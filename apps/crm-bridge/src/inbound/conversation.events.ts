import { events } from '@parley/contracts';
import { annotateRecord, topics, type Batch, type EventBus, type Subscription } from '@parley/event-bus';
import { ATTR } from '@parley/telemetry';
import { transcriptOf, type Author, type Line } from '../domain/conversation.js';
import { badEvent } from '../domain/errors.js';
import type { TakeOverConversation, HeardFact } from '../usecases/take-over-conversation.js';

type Event = events.ConversationEvent;

const AUTHORS: Partial<Record<events.Author, Author>> = {
  [events.Author.CUSTOMER]: 'customer',
  [events.Author.BOT]: 'bot',
  [events.Author.AGENT]: 'agent',
};

/** conversation.events, group `crm`: lines, wamids, tickets and tasks into the CRM. */
export async function subscribeConversations(bus: EventBus, takeOver: TakeOverConversation): Promise<Subscription> {
  return bus.subscribe({
    group: 'crm',
    topic: topics.conversationEvents,
    patienceMs: 1000,
    acrossPartitions: true,
    handle: (batch: Batch<Event>) => {
      const facts = batch.records.flatMap((record) => {
        const { id, value } = record;
        if (value.conversationId !== '') annotateRecord(record, { [ATTR.conversationId]: value.conversationId });
        return events.eventsWithin(value).map((event) => factOf(event, event.eventId || id));
      });
      return takeOver.run(facts, batch);
    },
  });
}

/** What an event asks of the CRM. @throws AppError `EVENT.INVALID` */
export function factOf(event: Event, eventId: string): HeardFact {
  const { contact } = event;
  const base: HeardFact = { eventId, at: event.occurredAt, profileName: contact?.profileName ?? '' };
  const about = {
    customerId: event.customerId,
    conversationId: event.conversationId,
    contact: { phone: contact?.waId ?? '', whatsappUserId: contact?.userId ?? '' },
  };
  switch (event.event?.$case) {
    case 'messageRecorded':
      return { ...base, entry: { ...lineOf(event.event.value), ...about, wamid: '' } };
    case 'messageSettled':
      return { ...base, delivery: deliveryOf(event.event.value) };
    case 'handoffRequested':
      return { ...base, ticket: { ...about, ...ticketOf(event.event.value) } };
    case 'taskRequested':
      return { ...base, task: { ...about, ...taskOf(event.event.value) } };
    default:
      return base;
  }
}

function lineOf({ messageId, direction, author, text, at }: events.MessageRecorded): Line {
  if (messageId === '') throw badEvent('message_id');
  if (!at) throw badEvent('at');
  const inbound = direction === events.Direction.INBOUND;
  return {
    messageId,
    direction: inbound ? 'inbound' : 'outbound',
    author: AUTHORS[author] ?? (inbound ? 'customer' : 'bot'),
    text,
    at,
  };
}

function deliveryOf({ sendId, messageId }: events.MessageSettled): HeardFact['delivery'] {
  // A message that the Graph API never took has no wamid, and nothing changes for the CRM.
  return sendId === '' || messageId === '' ? undefined : { sendId, wamid: messageId };
}

function ticketOf({ handoffId, reason, team, intent, priority, transcript }: events.HandoffRequested) {
  if (handoffId === '') throw badEvent('handoff_id');
  return {
    key: handoffId,
    reason,
    team,
    intent,
    priority,
    transcript: transcriptOf(transcript.map(lineOf)),
    profile: '',
  };
}

function taskOf({ idempotencyKey, subject, orderNumber, dueAt, description }: events.TaskRequested) {
  if (idempotencyKey === '') throw badEvent('idempotency_key');
  return { key: idempotencyKey, subject, orderNumber, dueAt, description };
}
