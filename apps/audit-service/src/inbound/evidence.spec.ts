import { events } from '@parley/contracts';
import type { ReceivedRecord } from '@parley/event-bus';
import { ofAudit, ofBusiness, ofConsent } from './business.evidence.js';
import { ofConversation } from './conversation.evidence.js';
import { ofInbound, ofOutbound, ofStatus } from './whatsapp.evidence.js';

const LOGGED = new Date('2026-11-22T10:00:05Z');
const SAID = new Date('2026-11-22T10:00:00Z');
const contact = { phoneNumberId: '106540352242922', userId: 'DE.1', waId: '4917012345678', profileName: 'Ada' };
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;

function record<M>(value: M, topic = 'topic'): ReceivedRecord<M> {
  return { topic, partition: 0, offset: 1n, key: 'k', id: 'id.1', time: LOGGED, value, traceparent };
}

const told = (event: events.ConversationEvent['event'], over: Partial<events.ConversationEvent> = {}) =>
  ofConversation(
    record({
      ...events.ConversationEvent.fromPartial({ eventId: 'ev.1', conversationId: 'c1', contact, occurredAt: SAID }),
      ...over,
      event,
    }),
  );
const conversation = (...args: Parameters<typeof told>) => told(...args)[0]!;

describe('evidence of an inbound item', () => {
  const raw = Buffer.from(JSON.stringify({ from: contact.waId, text: { body: 'card 4111 1111 1111 1111' } }));
  const item = events.WebhookItemReceived.fromPartial({
    itemId: 'wamid.1',
    field: 'messages',
    type: 'text',
    contact,
    raw,
  });

  it('names event, person, ids and time, and seals the item without card numbers', () => {
    const evidence = ofInbound(record({ ...item, sentAt: SAID }, 'whatsapp.inbound'));
    expect(evidence).toMatchObject({
      ...{ eventId: 'whatsapp.inbound/id.1', action: 'message_received', occurredAt: SAID, order: '', session: '' },
      person: { userId: 'DE.1', waId: '4917012345678' },
      requestIds: ['wamid.1', TRACE],
      content: { from: '•••', text: { body: expect.not.stringContaining('1111 1111') as string } },
    });
    expect(JSON.stringify(evidence.metadata)).not.toMatch(/4917012345678|Ada|DE\.1/);
  });

  it('keeps what it has never seen: kinds, bytes that are no JSON, impossible times', () => {
    const odd = { ...item, field: 'Now; what?', type: 'x'.repeat(99), raw: Buffer.from('\u0000{'), contact: undefined };
    const evidence = ofInbound(record({ ...odd, sentAt: new Date(8.64e15) }));
    expect(evidence).toMatchObject({ action: 'webhook_item', occurredAt: LOGGED, person: undefined, content: 'AHs=' });
    expect(evidence.metadata).toMatchObject({ field: 'other', type: 'other' });
  });
});

describe('evidence of messages and statuses', () => {
  it('joins a status to the message and the send', () => {
    const status = { messageId: 'wamid.2', callbackData: 'send.1', status: 'failed', recipient: contact, at: SAID };
    const value = events.MessageStatusReceived.fromPartial({ ...status, errors: [{ code: 131026, title: 'Ada!' }] });
    expect(ofStatus(record(value))).toMatchObject({
      requestIds: ['wamid.2', 'send.1', TRACE],
      metadata: { status: 'failed', errors: [131026] },
      content: { errors: [{ code: 131026, title: 'Ada!' }] },
    });
  });

  it('says what was decided to be sent, and seals the text', () => {
    const content = { $case: 'text', value: { body: 'Your order 1234 will arrive today' } } as const;
    const value = events.MessageRequested.fromPartial({
      sendId: 'send.1',
      recipient: contact,
      conversationId: 'c1',
      content,
    });
    const evidence = ofOutbound(record({ ...value, category: 1, inReplyTo: 'wamid.1' }, 'whatsapp.outbound.bulk'));
    expect(evidence).toMatchObject({
      ...{ action: 'message_requested', session: 'c1', requestIds: ['send.1', 'wamid.1', TRACE] },
      metadata: { lane: 'bulk', category: 'MESSAGE_CATEGORY_REPLY', kind: 'text' },
      content: { body: 'Your order 1234 will arrive today' },
    });
  });
});

describe('evidence of a conversation', () => {
  it('has session, order and what was said, sealed', () => {
    const message = events.MessageRecorded.fromPartial({
      messageId: 'wamid.1',
      direction: 1,
      author: 1,
      text: 'my pin is 4321',
    });
    const evidence = conversation(
      { $case: 'messageRecorded', value: message },
      { orderNumber: '1234', flow: 'track-order@1' },
    );
    expect(evidence).toMatchObject({ session: 'c1', order: '1234', action: 'message_recorded' });
    expect(evidence.metadata).toMatchObject({
      direction: 'DIRECTION_INBOUND',
      author: 'AUTHOR_CUSTOMER',
      flow: 'track-order@1',
    });
    expect(evidence.content).not.toContain('4321');
  });

  it('has request and response of a call', () => {
    const call = { operation: 'erp.getOrder', outcome: 'ok', durationMs: 4.2, requestId: 'key.1' };
    const value = events.CallMade.fromPartial({
      ...call,
      request: { number: '1234' },
      response: { status: 'shipped' },
    });
    expect(conversation({ $case: 'callMade', value })).toMatchObject({
      ...{
        action: 'call_made',
        requestIds: ['key.1', 'ev.1', TRACE],
        metadata: { operation: 'erp.getOrder', outcome: 'ok', durationMs: 4.2 },
      },
      content: { request: { number: '1234' }, response: { status: 'shipped' } },
    });
  });

  it('has every fact of a turn, each with an id of its own and all remembered by their record', () => {
    const understood = {
      $case: 'intentUnderstood',
      value: { messageId: 'm', intent: 'thanks', confidence: 1, language: '' },
    } as const;
    const message = events.MessageRecorded.fromPartial({ messageId: 'wamid.1', text: 'thank you' });
    const within = [
      events.ConversationEvent.fromPartial({ eventId: 'ev.1', event: { $case: 'messageRecorded', value: message } }),
      events.ConversationEvent.fromPartial({ eventId: 'ev.2', orderNumber: '77', event: understood }),
    ];
    const common = {
      session: 'c1',
      mark: 'topic/id.1',
      occurredAt: SAID,
      person: { userId: contact.userId, waId: contact.waId },
    };
    expect(told({ $case: 'turnTaken', value: { events: within } })).toMatchObject([
      { ...common, eventId: 'topic/ev.1', action: 'message_recorded', content: 'thank you' },
      { ...common, eventId: 'topic/ev.2', action: 'intent_understood', order: '77' },
    ]);
  });

  it('has every kind of event, and one that is not known yet', () => {
    const seen = [
      conversation({ $case: 'messageSettled', value: events.MessageSettled.fromPartial({ sendId: 's', status: 4 }) }),
      conversation({
        $case: 'handoffRequested',
        value: events.HandoffRequested.fromPartial({ handoffId: 'h', team: 'care' }),
      }),
      conversation({
        $case: 'taskRequested',
        value: events.TaskRequested.fromPartial({ orderNumber: '77', subject: 'late' }),
      }),
      conversation({ $case: 'stateChanged', value: events.StateChanged.fromPartial({ previous: 1, current: 2 }) }),
      conversation({
        $case: 'intentUnderstood',
        value: events.IntentUnderstood.fromPartial({ intent: 'track_order' }),
      }),
      conversation(undefined),
    ];
    expect(seen.map(({ action }) => action)).toEqual([
      ...['message_settled', 'handoff_requested', 'task_requested', 'state_changed', 'intent_understood'],
      'conversation_event',
    ]);
    expect(seen[2]?.order).toBe('77');
  });
});

describe('evidence of the other topics', () => {
  it('is about consent', () => {
    const value = events.ConsentChanged.fromPartial({
      entryId: 'e',
      contact,
      purpose: 'all',
      evidenceRef: 'wamid.1',
      at: SAID,
    });
    expect(ofConsent(record(value))).toMatchObject({
      ...{ action: 'consent_withdrawn', requestIds: ['e', 'wamid.1', TRACE] },
      metadata: { purpose: 'all', granted: false },
    });
  });

  it('is about orders and other things of the business', () => {
    const value = events.BusinessEvent.fromPartial({ eventId: 'b', kind: 'order_shipped', number: 'SO-1' });
    expect(ofBusiness(record(value))).toMatchObject({ action: 'order_shipped', order: 'SO-1', occurredAt: LOGGED });
    expect(ofBusiness(record({ ...value, kind: 'invoice_paid' }))).toMatchObject({ order: '' });
  });

  it('is what services recorded about outside systems', () => {
    const value = events.AuditEvidenceRecorded.fromPartial({
      ...{
        eventId: 'a',
        service: 'gateway',
        operation: 'graph.messages',
        contactKey: '1066:49170',
        requestId: 'send.1',
      },
      ...{
        conversationId: 'c1',
        orderNumber: '1234',
        outcome: 'ok',
        request: { to: '49170' },
        response: { id: 'wamid.9' },
      },
    });
    expect(ofAudit(record(value))).toMatchObject({
      ...{ action: 'graph.messages', person: { userId: '', waId: '49170' }, session: 'c1', order: '1234' },
      ...{
        metadata: { service: 'gateway', outcome: 'ok' },
        content: { request: { to: '•••' }, response: { id: 'wamid.9' } },
      },
    });
  });
});
