import { notFound } from '@parley/errors';
import type { ChatEntry } from '../domain/chat.js';
import {
  senderOf,
  writeMessage,
  type CustomerAction,
  type MediaAction,
  type WrittenMessage,
} from '../domain/customer-messages.js';
import type { Customer } from '../domain/customers.js';
import { newWamid } from '../domain/identifiers.js';
import { compact, textOf, type JsonObject } from '../domain/json.js';
import { INBOUND_LIFE_MS, sha256 } from '../domain/media.js';
import { renderPlain } from '../domain/render.js';
import { SAMPLES } from '../domain/samples.js';
import type { World } from '../domain/world.js';
import type { Clock } from '../ports/clock.port.js';
import type { DeliverWebhooks } from './deliver-webhooks.js';

// Neither opens the 24 hours: a reaction is not a message, and a number change says nothing about wanting an answer.
const NOT_OPENING = ['reaction', 'system', 'request_welcome'];

/** A customer types, taps or shares something. */
export class WriteAsCustomer {
  constructor(
    private readonly world: World,
    private readonly webhooks: DeliverWebhooks,
    private readonly clock: Clock,
  ) {}

  /** Puts it on the customer's phone and on its way to the business. @throws AppError NOT_FOUND for an unknown phone */
  run(phone: string, action: CustomerAction, options: { numberId?: string; copies?: number } = {}): ChatEntry {
    const customer = this.world.customers.byPhone(phone);
    if (!customer)
      throw notFound('SIMULATOR.NO_SUCH_CUSTOMER', 'Nobody with this phone number; add the customer first.');
    const numberId = options.numberId ?? this.firstNumber();
    const { wire, shown, replyTo } = this.write(customer, action, numberId);
    const hidePhone = this.world.hidesPhone(customer);
    const sender = senderOf(customer, hidePhone);
    const context =
      replyTo === undefined ? undefined : { from: this.world.business.numbers.get(numberId), id: replyTo };
    const own =
      'id' in action && action.type !== 'button_reply' && action.type !== 'list_reply' ? action.id : undefined;
    const id = textOf(wire['id']) ?? own ?? newWamid(customer.waId, 'from-customer');
    const seconds = ('timestamp' in action ? action.timestamp : undefined) ?? Math.floor(this.clock.now() / 1000);
    const extra = 'extra' in action ? action.extra : undefined;
    const content = { ...compact({ ...sender.from, id, timestamp: String(seconds), context }), ...wire, ...extra };
    const entry: ChatEntry = {
      id,
      direction: 'out',
      at: new Date(this.clock.now()).toISOString(),
      status: 'sent',
      ...shown,
    };
    if (replyTo !== undefined) entry.reply_to = replyTo;
    this.show(customer, entry, String(wire['type']), seconds);
    const item = {
      kind: 'message',
      lane: customer.waId,
      label: id,
      numberId,
      contact: sender.contact,
      content,
    } as const;
    void this.deliver(customer, entry, item, options.copies);
    return entry;
  }

  private firstNumber(): string {
    return this.world.business.numbers.keys().next().value ?? '';
  }

  private write(customer: Customer, action: CustomerAction, numberId: string): WrittenMessage & { replyTo?: string } {
    if (isMedia(action)) return { ...this.storeMedia(action, numberId), replyTo: action.reply_to };
    const written = writeMessage(action, this.world.chats.list(customer.waId));
    return { ...written, replyTo: written.replyTo ?? action.reply_to };
  }

  private storeMedia(action: MediaAction, numberId: string): WrittenMessage {
    const sample = SAMPLES[action.type];
    const bytes = action.data === undefined ? sample.bytes : Buffer.from(action.data, 'base64');
    const mimeType = action.mime_type ?? sample.mimeType;
    const expiresAt = this.clock.now() + INBOUND_LIFE_MS;
    const media = this.world.media.add({ mimeType, bytes, numberId, expiresAt });
    const filename = action.type === 'document' ? (action.filename ?? 'document.pdf') : undefined;
    const flags = { audio: { voice: true }, sticker: { animated: false } }[action.type as string];
    const { caption } = action;
    const content: JsonObject = compact({
      id: media.id,
      mime_type: mimeType,
      sha256: sha256(bytes, 'base64'),
      caption,
      filename,
      ...flags,
    });
    return { wire: { type: action.type, [action.type]: content }, shown: renderPlain(action.type, content) };
  }

  private show({ waId }: Customer, entry: ChatEntry, type: string, seconds: number): void {
    if (!this.world.chats.find(waId, entry.id)) {
      this.world.chats.add(waId, entry);
      this.world.feed.tell({ type: 'entry', waId, entry });
    }
    const at = seconds * 1000;
    const last = this.world.chats.lastWroteAt(waId) ?? 0;
    if (!NOT_OPENING.includes(type) && at > last) this.world.chats.openWindow(waId, at);
  }

  private async deliver(
    { waId }: Customer,
    { id }: ChatEntry,
    item: Parameters<DeliverWebhooks['send']>[0],
    copies?: number,
  ): Promise<void> {
    if (!(await this.webhooks.send(item, { copies }))) return;
    const changed = this.world.chats.tick(waId, id, 'delivered');
    if (changed) this.world.feed.tell({ type: 'entry', waId, entry: changed });
  }
}

function isMedia(action: CustomerAction): action is MediaAction {
  return ['image', 'document', 'audio', 'video', 'sticker'].includes(action.type);
}
