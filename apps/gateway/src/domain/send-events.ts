import type { events } from '@parley/contracts';
import type { SendRow } from './send.js';

/** What an event says about the send besides its row. */
export interface SendContext {
  conversationId: string;
  contact: events.ConversationEvent['contact'];
  traceparent: string;
}

/** The fact that a message got further, or failed. The id is the same whoever finds out. */
export function settledEvent(
  row: SendRow,
  status: events.SettledStatus,
  at: Date,
  context: SendContext,
): events.ConversationEvent {
  const twice = row.deliveredTwice ? '/twice' : '';
  return {
    eventId: `settled/${row.sendId}/${status}${row.state === 'needs-human' ? '/doubt' : ''}${twice}`,
    conversationId: context.conversationId,
    contact: context.contact,
    customerId: '',
    occurredAt: at,
    flow: '',
    orderNumber: '',
    event: {
      $case: 'messageSettled',
      value: {
        sendId: row.sendId,
        messageId: row.messageId,
        status,
        at,
        reason: row.reason,
        deliveredTwice: row.deliveredTwice,
      },
    },
    traceparent: context.traceparent,
  };
}
