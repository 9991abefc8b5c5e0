import type { WebhookItem } from '../domain/webhook-items.js';

/** Where verified webhook items are kept until their consumers have read them. */
export abstract class WebhookLog {
  /**
   * Resolves when every item is durable. Does not dedupe.
   * @throws AppError UNAVAILABLE or RESOURCE_EXHAUSTED when that is not so, or not known in time
   */
  abstract keep(items: readonly WebhookItem[]): Promise<void>;

  /** Keeps a copy of a signed body that is no webhook, for a human; resolves when it is durable. */
  abstract keepUnreadable(body: Buffer, reason: string): Promise<void>;
}
