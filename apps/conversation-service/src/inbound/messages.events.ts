import { events } from '@parley/contracts';
import { AppError } from '@parley/errors';
import type { Batch, EventBus, ReceivedRecord, Subscription } from '@parley/event-bus';
import { annotateRecord, topics } from '@parley/event-bus';
import type { AnswerBatch } from '../usecases/answer-batch.js';
import type { InboundItem } from '../usecases/inbound-item.js';
import type { RescueDeadLetter } from '../usecases/rescue-dead-letter.js';

/** WhatsApp lets nobody write more. The whole item, whatever its length, is in the audit trail. */
const LONGEST_TEXT = 4096;

/** Reads what customers wrote. */
export function consumeMessages(bus: EventBus, answer: AnswerBatch, rescue: RescueDeadLetter): Promise<Subscription> {
  return bus.subscribe({
    group: 'conversation',
    topic: topics.whatsappInbound,
    acrossPartitions: true,
    handle: (batch: Batch<events.WebhookItemReceived>) =>
      answer.run(
        batch.records.map((record) => ({ ...itemOf(record), annotate: annotating(record) })),
        (tx) => batch.commitIn(tx),
      ),
    onDeadLetter: async ({ value, time, traceparent, key, id }) => {
      if (value) await rescueItem(rescue, itemOf({ value, time, traceparent }), time);
      else await rescue.unreadable(key, unreadableItem(id, time, traceparent));
    },
  });
}

/** What broke the record may break its rescue too: then without anything of it but who wrote, and when it came. */
async function rescueItem(rescue: RescueDeadLetter, item: InboundItem, cameAt: Date): Promise<void> {
  try {
    await rescue.run(item);
  } catch (thrown) {
    if (AppError.from(thrown).retryable) throw thrown;
    const contact = { ...item.contact, profileName: '' };
    await rescue.run({ ...item, contact, text: '', replyId: null, sentAt: cameAt, identityChange: null });
  }
}

/**
 * What is left of a message whose record does not decode. Its id is not that of the message: should that come again and be
 * readable, it is new.
 */
function unreadableItem(recordId: string, cameAt: Date, traceparent?: string): InboundItem {
  const value = events.WebhookItemReceived.fromPartial({
    itemId: `unreadable ${recordId}`,
    field: 'messages',
    type: 'unreadable',
  });
  return itemOf({ value, time: cameAt, traceparent });
}

const annotating =
  (record: ReceivedRecord<unknown>): InboundItem['annotate'] =>
  (attributes) =>
    annotateRecord(record, attributes);

/** One item as the rest of this service knows it. */
export function itemOf(
  record: Pick<ReceivedRecord<events.WebhookItemReceived>, 'value' | 'traceparent' | 'time'>,
): InboundItem {
  const { value } = record;
  const { phoneNumberId = '', userId = '', waId = '', profileName = '' } = value.contact ?? {};
  const change = value.content?.$case === 'identityChange' ? value.content.value : null;
  return {
    id: value.itemId,
    field: value.field,
    type: value.type,
    // The conversation is found by who somebody was before the change.
    contact: { phoneNumberId, userId: change?.previousUserId || userId, waId, profileName },
    text: textOf(value.content).slice(0, LONGEST_TEXT),
    replyId: value.content?.$case === 'reply' ? value.content.value.id : null,
    sentAt: value.sentAt ?? value.receivedAt ?? record.time,
    identityChange: change && { newWaId: change.newWaId, newUserId: change.newUserId },
    traceparent: record.traceparent || value.traceparent,
    annotate: () => undefined,
  };
}

function textOf(content: events.WebhookItemReceived['content']): string {
  switch (content?.$case) {
    case 'text':
      return content.value.body;
    case 'reply':
      return content.value.title;
    case 'media':
      return content.value.caption;
    case 'reaction':
      return content.value.emoji;
    case 'location':
      return content.value.name;
    default:
      return '';
  }
}
