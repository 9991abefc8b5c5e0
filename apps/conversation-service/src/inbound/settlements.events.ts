import type { EventBus, Subscription } from '@parley/event-bus';
import { annotateRecord, topics } from '@parley/event-bus';
import { ATTR } from '@parley/telemetry';
import { LOST, type LostReply, type RescueLostReply } from '../usecases/rescue-lost-reply.js';
import { settledOf, type SettleMessages } from '../usecases/settle-messages.js';

/** Reads what became of messages, off the facts about conversations. */
export function consumeSettlements(
  bus: EventBus,
  settle: SettleMessages,
  rescue: RescueLostReply,
): Promise<Subscription> {
  return bus.subscribe({
    group: 'conversation-settled',
    topic: topics.conversationEvents,
    patienceMs: 500,
    acrossPartitions: true,
    handle: async (batch) => {
      const lost: LostReply[] = [];
      const news = batch.records.flatMap((record) => {
        const { conversationId, event } = record.value;
        annotateRecord(record, { [ATTR.conversationId]: conversationId });
        if (event?.$case !== 'messageSettled') return [];
        const { sendId, status, messageId, reason } = event.value;
        if (reason === LOST && conversationId !== '') {
          lost.push({ conversationId, sendId, traceparent: record.traceparent ?? '' });
        }
        return [{ sendId, settled: settledOf(status), wamid: messageId, reason }];
      });
      // Before the position commits: what is told again is rescued once.
      for (const one of lost) await rescue.run(one);
      await settle.run(news, (tx) => batch.commitIn(tx));
    },
  });
}
