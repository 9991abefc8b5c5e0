import { events } from '@parley/contracts';
import { topics } from '@parley/event-bus';
import { eventually } from '@parley/testing';
import type { FakeGraph } from './support/fake-graph.js';
import {
  collect,
  NUMBER,
  reply,
  report,
  request,
  until,
  startSending,
  type Replica,
  type Sending,
} from './support/gateway.js';

let graph: FakeGraph;
let replica: Replica;
let close: Sending['close'];

beforeAll(async () => {
  ({ graph, replica, close } = await startSending());
});

afterAll(() => close());

beforeEach(() => (graph.react = () => ({ kind: 'accept' })));

describe('a reply', () => {
  it('is posted once, settled, and told to the conversation and the audit trail', async () => {
    const settled = await collect<events.ConversationEvent>(replica.bus, topics.conversationEvents);
    const evidence = await collect<events.AuditEvidenceRecorded>(replica.bus, topics.auditEvents);
    const message = reply({ inReplyTo: 'wamid.question' });
    await request(replica.bus, [message]);
    const { messageId, status, attempts } = await until(replica.sender, message, 'settled');
    expect({ status, attempts }).toEqual({ status: events.SettledStatus.ACCEPTED, attempts: 1 });
    const [post, ...more] = graph.postsOf(message.sendId);
    expect(more).toEqual([]);
    expect(post?.path).toBe(`/v25.0/${NUMBER}/messages`);
    expect(post?.authorization).toBe('Bearer secret-token');
    expect(post?.body).toEqual({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: `+${message.recipient?.waId}`,
      type: 'text',
      text: { body: 'Your order 1234 will arrive today by 4 PM' },
      context: { message_id: 'wamid.question' },
      biz_opaque_callback_data: message.sendId,
    });
    await eventually(() => {
      const told = settled.find(
        ({ event }) => event?.$case === 'messageSettled' && event.value.sendId === message.sendId,
      );
      expect(told?.event?.value).toMatchObject({ messageId, status: events.SettledStatus.ACCEPTED, reason: '' });
      const kept = evidence.find(({ eventId }) => eventId === `graph/${message.sendId}/1`);
      expect(kept).toMatchObject({ operation: 'graph.messages', outcome: 'ok', conversationId: 'conversation-1' });
      expect(JSON.stringify(kept)).not.toContain('secret-token');
    });
  });

  it('moves forward with statuses and never back', async () => {
    const message = reply();
    await request(replica.bus, [message]);
    const { messageId } = await until(replica.sender, message, 'settled');
    await report(replica.bus, message, 'read', messageId);
    await report(replica.bus, message, 'delivered', messageId);
    await report(replica.bus, message, 'never-seen-before', messageId);
    await report(replica.bus, message, 'sent', messageId, { echoed: false });
    await eventually(async () => {
      const { status } = await replica.sender.show.send(message.sendId);
      expect(status).toBe(events.SettledStatus.READ);
    });
  });
});
