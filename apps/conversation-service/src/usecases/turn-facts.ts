import { maskSensitive, maskValue } from '@parley/telemetry';
import type { CallRecord, Effect, ReplyMessage, TurnResult, Understanding } from '../domain/turn.js';
import type { AnsweredBy, Conversation, Fact, FactBody, Said, Send } from '../ports/conversation.js';
import { idOf } from './ids.js';
import type { InboundItem } from './inbound-item.js';

/** Characters of the last thing said that lists show. */
const LAST_TEXT = 120;

/** Collects what one message makes happen: facts with ids that a repeat makes again, and everything masked. */
export class TurnFacts {
  readonly facts: Fact[] = [];
  private flow = '';
  private orderNumber = '';

  constructor(
    private readonly conversationId: string,
    private readonly messageId: string,
    private readonly at: Date,
    readonly traceparent: string,
  ) {}

  /** From here on facts belong to this flow and order. */
  about(decidedBy: string, orderNumber: string): void {
    this.flow = decidedBy.split('/')[0] ?? '';
    this.orderNumber = orderNumber;
  }

  add(body: FactBody): void {
    const id = idOf(this.conversationId, this.messageId, body.kind, String(this.facts.length));
    const { at, flow, orderNumber, traceparent } = this;
    this.facts.push({ id, at, flow, orderNumber, traceparent, body });
  }

  understood({ intent, confidence, language }: Understanding): void {
    this.add({ kind: 'intent-understood', messageId: this.messageId, intent, confidence, language });
  }

  called(call: CallRecord): void {
    const masked = { ...call, args: maskValue(call.args), result: maskValue(call.result) };
    this.add({ kind: 'call-made', call: masked });
  }

  stateChanged(previous: AnsweredBy, current: AnsweredBy, agentId = ''): void {
    if (previous !== current) this.add({ kind: 'state-changed', previous, current, agentId });
  }

  task({ key: idempotencyKey, subject, orderNumber, dueAt, description }: Extract<Effect, { kind: 'task' }>): void {
    this.add({ kind: 'task-requested', idempotencyKey, subject, orderNumber, dueAt, description });
  }
}

/** The customer's line of the transcript. */
export function saidByCustomer(item: InboundItem): Said {
  return {
    messageId: item.id,
    direction: 'inbound',
    author: 'customer',
    agentId: '',
    text: maskSensitive(item.text),
    type: item.type,
    choices: [],
    at: item.sentAt,
  };
}

/** The bot's line of the transcript, and the message that is sent. */
export function answerWith(
  reply: ReplyMessage,
  result: TurnResult,
  context: { conversation: Conversation; item: InboundItem; windowUntil: Date; now: Date; traceparent: string },
): { said: Said; send: Send } {
  const { conversation, item, windowUntil, now, traceparent } = context;
  // One answer a message: whatever step decides it when it is decided again, it is the same send.
  const id = idOf(conversation.id, item.id, 'reply');
  const choices = [...(reply.buttons ?? []), ...(reply.list?.rows ?? [])].map(({ title }) => title);
  const said: Said = {
    messageId: id,
    direction: 'outbound',
    author: 'bot',
    agentId: '',
    text: maskSensitive(reply.text),
    type: choices.length > 0 ? 'interactive' : 'text',
    choices,
    at: now,
  };
  const send = { id, reply, windowUntil, inReplyTo: item.id, decidedBy: result.decidedBy, at: now, traceparent };
  return { said, send };
}

/** What a list shows of a line; a picture without words shows as what it is. */
export const lastTextOf = ({ text, type }: Said): string => [...(text || `[${type}]`)].slice(0, LAST_TEXT).join('');
