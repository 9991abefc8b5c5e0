import type { EventBus, Subscription } from '@parley/event-bus';
import { annotateRecord, topics } from '@parley/event-bus';
import { ATTR } from '@parley/telemetry';
import { settledOf, type SettleMessages } from '../usecases/settle-messages.js';

/** Reads what became of messages, off the facts about conversations. */
export function consumeSettlements(bus: EventBus, settle: SettleMessages): Promise<Subscription> {
  return bus.subscribe({
    group: 'conversation-settled',
    topic: topics.conversationEvents,
    handle: (batch) => {
      const news = batch.records.flatMap((record) => {
        const { conversationId, event } = record.value;
        annotateRecord(record, { [ATTR.conversationId]: conversationId });
        if (event?.$case !== 'messageSettled') return [];
        const { sendId, status, messageId, reason } = event.value;
        return [{ sendId, settled: settledOf(status), wamid: messageId, reason }];
      });
      return settle.run(news, (tx) => batch.commitIn(tx));
    },
  });
}
