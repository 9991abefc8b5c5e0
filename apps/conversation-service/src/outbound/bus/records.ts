import { events } from '@parley/contracts';
import { contactKey, topics, type OutgoingRecord } from '@parley/event-bus';
import type { AnsweredBy, Change, Conversation, Fact, FactBody, Said, Send } from '../../ports/conversation.js';

const STATES: Record<AnsweredBy, events.ConversationState> = {
  bot: events.ConversationState.BOT,
  queued: events.ConversationState.QUEUED,
  human: events.ConversationState.HUMAN,
};

const DIRECTIONS: Record<Said['direction'], events.Direction> = {
  inbound: events.Direction.INBOUND,
  outbound: events.Direction.OUTBOUND,
};

const AUTHORS: Record<Said['author'], events.Author> = {
  customer: events.Author.CUSTOMER,
  bot: events.Author.BOT,
  agent: events.Author.AGENT,
};

/** The records a change leaves with: its facts, those of a turn as one, and the messages to be sent. */
export function recordsOf({ after, facts, sends }: Change): OutgoingRecord[] {
  const key = contactKey(after.contact);
  const turns = Map.groupBy(facts, ({ traceparent }) => traceparent);
  return [
    ...[...turns.values()].map((turn) => {
      const value = turn.length === 1 ? eventOf(after, turn[0]!) : turnOf(after, turn);
      return {
        topic: topics.conversationEvents,
        key,
        value,
        id: value.eventId,
        traceparent: value.traceparent || undefined,
      };
    }),
    ...sends.map((send) => ({
      topic: topics.whatsappOutbound,
      key,
      value: requestOf(after, send),
      id: send.id,
      traceparent: send.traceparent || undefined,
    })),
  ] as OutgoingRecord[];
}

function eventOf(conversation: Conversation, fact: Fact): events.ConversationEvent {
  return {
    eventId: fact.id,
    conversationId: conversation.id,
    contact: conversation.contact,
    customerId: conversation.customerId,
    occurredAt: fact.at,
    flow: fact.flow,
    orderNumber: fact.orderNumber,
    event: bodyOf(fact.body),
    traceparent: fact.traceparent,
  };
}

/** Facts of one turn, with what they have in common said once. */
function turnOf(conversation: Conversation, facts: readonly Fact[]): events.ConversationEvent {
  const first = eventOf(conversation, facts[0]!);
  const within = facts.map((fact) => ({
    eventId: fact.id,
    conversationId: '',
    contact: undefined,
    customerId: '',
    occurredAt: fact.at.getTime() === facts[0]!.at.getTime() ? undefined : fact.at,
    flow: fact.flow,
    orderNumber: fact.orderNumber,
    event: bodyOf(fact.body),
    traceparent: '',
  }));
  return { ...first, flow: '', orderNumber: '', event: { $case: 'turnTaken', value: { events: within } } };
}

const recorded = (said: Said): events.MessageRecorded => ({
  messageId: said.messageId,
  direction: DIRECTIONS[said.direction],
  author: AUTHORS[said.author],
  text: [said.text, ...said.choices.map((choice) => `[${choice}]`)].filter(Boolean).join('\n'),
  at: said.at,
  type: said.type,
});

function bodyOf(body: FactBody): events.ConversationEvent['event'] {
  switch (body.kind) {
    case 'message-recorded':
      return { $case: 'messageRecorded', value: recorded(body.said) };
    case 'handoff-requested':
      return { $case: 'handoffRequested', value: { ...body, transcript: body.transcript.map(recorded) } };
    case 'task-requested':
      return { $case: 'taskRequested', value: body };
    case 'state-changed':
      return {
        $case: 'stateChanged',
        value: { previous: STATES[body.previous], current: STATES[body.current], agentId: body.agentId },
      };
    case 'intent-understood':
      return { $case: 'intentUnderstood', value: body };
    case 'call-made':
      return {
        $case: 'callMade',
        value: {
          operation: body.call.operation,
          request: struct(body.call.args),
          response: struct(body.call.result),
          outcome: body.call.outcome,
          durationMs: body.call.durationMs,
          requestId: body.call.idempotencyKey,
        },
      };
  }
}

/** A protobuf Struct holds a JSON object; anything else goes under `value`. */
function struct(value: unknown): Record<string, unknown> {
  const json: unknown = value === undefined ? null : JSON.parse(JSON.stringify(value));
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
  return isObject ? (json as Record<string, unknown>) : { value: json };
}

function requestOf({ id, contact }: Conversation, send: Send): events.MessageRequested {
  return {
    sendId: send.id,
    recipient: contact,
    conversationId: id,
    category: events.MessageCategory.REPLY,
    windowUntil: send.windowUntil,
    content: contentOf(send),
    inReplyTo: send.inReplyTo,
    decidedBy: send.decidedBy,
    language: send.reply.language,
    requestedAt: send.at,
    traceparent: send.traceparent,
  };
}

const choiceOf = (choice: { id: string; title: string; description?: string }): events.OutboundChoice => ({
  id: choice.id,
  title: choice.title,
  description: choice.description ?? '',
});

function contentOf({ reply }: Send): events.MessageRequested['content'] {
  const { text: body, buttons, list } = reply;
  if (list) return { $case: 'list', value: { body, button: list.button, rows: list.rows.map(choiceOf) } };
  if (buttons?.length) return { $case: 'buttons', value: { body, buttons: buttons.map(choiceOf) } };
  return { $case: 'text', value: { body } };
}
