import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '@parley/errors';
import { passing } from '@parley/resilience';
import { counter, createLogger, currentTraceparent, inSpan } from '@parley/telemetry';
import { maskBody, maskUnreadable, type Masking } from '../domain/mask-body.js';
import { isSigned } from '../domain/signature.js';
import { splitWebhook, type WebhookItem } from '../domain/webhook-items.js';
import type { Clock } from '../ports/clock.port.js';
import type { WebhookLog } from '../ports/webhook-log.port.js';

/** What Meta is answered. */
export type WebhookAnswer = 'accepted' | 'unsigned' | 'unreadable' | 'unavailable';

/** After so many items whoever else waits has a turn. A webhook of Meta's has one item most of the time, a thousand at most. */
const ITEMS_PER_TURN = 250;
/** The same for masking: the texts of four of the longest messages that people can write. */
const CHARACTERS_PER_TURN = 16_384;

const log = createLogger('gateway');
const items = counter('parley_gateway_webhook_items_total', 'Webhook items accepted', ['kind']);
const strangers = counter('parley_gateway_unknown_number_items_total', 'Items for numbers that are not configured');
const unreadable = counter('parley_gateway_unreadable_webhooks_total', 'Signed bodies that are no webhook', ['reason']);

/** What is needed to accept webhooks. */
export interface AcceptWebhookOptions {
  /** The current app secret and, during rotation, the previous one. */
  secrets: readonly string[];
  phoneNumberIds: readonly string[];
}

/** Takes a webhook in: verifies it, splits it into items and answers only when every item is durable. */
export class AcceptWebhook {
  readonly #numbers: ReadonlySet<string>;

  constructor(
    private readonly options: AcceptWebhookOptions,
    private readonly webhooks: WebhookLog,
    private readonly clock: Clock,
  ) {
    this.#numbers = new Set(options.phoneNumberIds);
  }

  async run(body: Buffer, signatures: readonly string[]): Promise<WebhookAnswer> {
    if (!isSigned(body, signatures, this.options.secrets)) return 'unsigned';
    try {
      await passing('gateway.webhook.verified');
      const split = await this.#split(body);
      if (split instanceof AppError) {
        await this.webhooks.keepUnreadable(await inTurns(maskUnreadable(body)), split.reason);
        unreadable.inc({ reason: split.reason });
        return 'unreadable';
      }
      await this.#keep(split);
      return 'accepted';
    } catch (thrown) {
      const error = AppError.from(thrown);
      // Whatever went wrong: what is not known to be durable is never acknowledged, and Meta sends it again.
      if (!error.retryable) log.error({ err: error }, 'A webhook could not be kept');
      return 'unavailable';
    }
  }

  async #split(body: Buffer): Promise<WebhookItem[] | AppError> {
    const split: WebhookItem[] = [];
    try {
      // Before anything is written: what nobody may keep must not lie in the log for a day either.
      const masked = await inTurns(maskBody(body));
      for (const item of splitWebhook(masked, this.clock.now())) {
        if (split.push(item) % ITEMS_PER_TURN === 0) await nextTurn();
      }
      return split;
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (error.code === 'INVALID_ARGUMENT') return error;
      throw error;
    }
  }

  async #keep(split: WebhookItem[]): Promise<void> {
    if (split.length === 0) return;
    await this.#trace(split);
    await passing('gateway.webhook.split');
    await this.webhooks.keep(split);
    await passing('gateway.webhook.produced');
    for (const { kind, value } of split) {
      items.inc({ kind });
      const contact = 'contact' in value ? value.contact : value.recipient;
      if (contact?.phoneNumberId && !this.#numbers.has(contact.phoneNumberId)) strangers.inc();
    }
  }

  /** Gives each item a trace context of its own, a child of the request's. */
  async #trace(split: WebhookItem[]): Promise<void> {
    const request = currentTraceparent();
    if (request === undefined) return;
    for (const [n, { kind, value }] of split.entries()) {
      if (n > 0 && n % ITEMS_PER_TURN === 0) await nextTurn();
      await inSpan(`receive ${kind}`, { parent: request }, (span) => {
        value.traceparent = span.traceparent;
        return Promise.resolve();
      });
    }
  }
}

/** Does all of the work, and lets others in between. */
async function inTurns<T>(masking: Masking<T>): Promise<T> {
  let looked = 0;
  for (;;) {
    const step = masking.next();
    if (step.done) return step.value;
    looked += step.value;
    if (looked < CHARACTERS_PER_TURN) continue;
    looked = 0;
    await nextTurn();
  }
}
