import { randomUUID } from 'node:crypto';
import type { common } from '@parley/contracts';
import { AppError } from '@parley/errors';
import { contactKey, topics, type EventBus, type OutgoingRecord } from '@parley/event-bus';
import type { WebhookItem } from '../../domain/webhook-items.js';
import { WebhookLog } from '../../ports/webhook-log.port.js';

/** Anything that writes records and resolves when they are durable: the bus itself, or a publisher that batches. */
export interface RecordWriter {
  publish(records: OutgoingRecord[], options?: { patient: boolean }): Promise<void>;
}

/** Keeps webhook items on the topics whatsapp.inbound and whatsapp.status, and what is no webhook among the dead letters. */
export class BusWebhookLog extends WebhookLog {
  constructor(
    private readonly writer: RecordWriter,
    private readonly bus: Pick<EventBus, 'deadLetters'>,
  ) {
    super();
  }

  async keep(items: readonly WebhookItem[]): Promise<void> {
    const records = items.map(recordOf);
    // Each reply brings several statuses, and no customer waits for them: together they are one write instead of several.
    const patient = items.every(({ kind }) => kind === 'status');
    try {
      await this.writer.publish(records, { patient });
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (error.reason !== 'BUS.REFUSED') throw error;
      await this.#keepRefused(records);
    }
  }

  async keepUnreadable(body: Buffer, reason: string): Promise<void> {
    const { name: topic } = topics.whatsappInbound;
    await this.bus.deadLetters.keep([{ topic, key: 'unreadable', id: randomUUID(), value: body, reason }]);
  }

  /** One record of a webhook was refused for its content: the others go on, and it is kept for a human. */
  async #keepRefused(records: OutgoingRecord[]): Promise<void> {
    for (const record of records) {
      try {
        await this.writer.publish([record]);
      } catch (thrown) {
        const error = AppError.from(thrown);
        if (error.reason !== 'BUS.REFUSED') throw error;
        const { topic, key, id, value } = record;
        const bytes = topic.encode(value);
        await this.bus.deadLetters.keep([{ topic: topic.name, key, id, value: bytes, reason: error.reason }]);
      }
    }
  }
}

function recordOf(item: WebhookItem): OutgoingRecord {
  const { value } = item;
  const context = { id: value.itemId, traceparent: value.traceparent || undefined };
  if (item.kind === 'status') {
    return { topic: topics.whatsappStatus, key: keyOf(item.value.recipient, ''), value, ...context };
  }
  const { contact, businessAccountId } = item.value;
  return { topic: topics.whatsappInbound, key: keyOf(contact, businessAccountId), value, ...context };
}

/** The key of a person's items; news about an account or a number keep their own order. */
function keyOf(contact: common.WhatsAppIdentity | undefined, businessAccountId: string): string {
  if (contact?.userId || contact?.waId) return contactKey(contact);
  return `${contact?.phoneNumberId || businessAccountId}:`;
}
