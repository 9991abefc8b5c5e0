import type { ChatEntry } from '../domain/chat.js';
import type { Customer } from '../domain/customers.js';
import type { SendFault } from '../domain/faults.js';
import { GraphFailure } from '../domain/graph-errors.js';
import { newWamid } from '../domain/identifiers.js';
import { compact, objectOf, type JsonObject } from '../domain/json.js';
import { WINDOW_MS } from '../domain/limits.js';
import { renderSend } from '../domain/render.js';
import type { SendMessage } from '../domain/send-validation.js';
import type { AcceptedSend } from '../domain/statuses.js';
import { checkAgainstTemplate } from '../domain/template-validation.js';
import type { Template } from '../domain/templates.js';
import type { World } from '../domain/world.js';
import type { Clock } from '../ports/clock.port.js';
import type { Failure, ReportStatuses } from './report-statuses.js';

/** Takes a well-formed message on: limits, template, window, the customer's phone, the statuses. */
export class AcceptSend {
  constructor(
    private readonly world: World,
    private readonly statuses: ReportStatuses,
    private readonly clock: Clock,
  ) {}

  /**
   * Answers like Graph: 200 says the message was taken, not that it will arrive.
   * @throws GraphFailure when it is refused at once
   */
  async run(numberId: string, message: SendMessage, fault?: SendFault): Promise<{ wamid: string; body: JsonObject }> {
    const customer = this.addressee(message);
    this.checkRates(numberId, customer?.waId ?? message.input);
    const template = this.checkContent(numberId, message);
    const failure = this.failureOf(message, customer, template, fault);
    const addressedBy = 'waId' in message.recipient ? 'phone' : 'user_id';
    const send: AcceptedSend = {
      wamid: newWamid(customer?.waId ?? '0', 'from-business'),
      numberId,
      customer,
      addressedBy,
      input: message.input,
      callbackData: message.callbackData,
      category: template?.category.toLowerCase() ?? 'service',
    };
    if (customer) this.show(send, customer, message, template);
    await this.statuses.run(send, failure);
    return { wamid: send.wamid, body: answerTo(send, message, Boolean(customer?.hidePhone)) };
  }

  private addressee({ recipient }: SendMessage): Customer | undefined {
    if ('userId' in recipient) return this.world.customers.byUser(recipient.userId);
    // Any number is on WhatsApp unless somebody said it is not.
    return this.world.customers.byPhone(recipient.waId) ?? this.world.customers.put({ phone: recipient.waId });
  }

  private checkRates(numberId: string, recipient: string): void {
    const { limits } = this.world.faults.behaviour;
    const settings = { messagesPerSecond: limits.messages_per_second, pair: limits.pair };
    const code = this.world.rates.exceeded(numberId, recipient, this.clock.now(), settings);
    if (code === 130429) throw new GraphFailure(code, 'Message failed to send because there were too many messages sent from this phone number in a short period of time.'); // prettier-ignore
    if (code === 131056) throw new GraphFailure(code, 'Message failed to send because there were too many messages sent from this phone number to the same recipient in a short period of time.'); // prettier-ignore
  }

  private checkContent(numberId: string, message: SendMessage): Template | undefined {
    const { recipient, type, content } = message;
    if ('waId' in recipient && recipient.waId === this.world.business.numbers.get(numberId))
      throw new GraphFailure(131021);
    const mediaId = content['id'];
    if (typeof mediaId === 'string' && !this.world.media.find(mediaId, this.clock.now())) {
      const text = `Param ${type}['id'] is not a valid whatsapp business account media attachment ID`;
      throw new GraphFailure(100, undefined, { message: text });
    }
    if (type !== 'template') return undefined;
    const template = this.world.templates.find(String(content['name']), String(objectOf(content['language'])['code']));
    if (this.world.faults.behaviour.limits.templates) checkAgainstTemplate(content, template);
    if (template?.category === 'AUTHENTICATION' && 'userId' in recipient) throw new GraphFailure(131062);
    return template;
  }

  private failureOf(
    message: SendMessage,
    customer: Customer | undefined,
    template: Template | undefined,
    fault: SendFault | undefined,
  ): Failure | undefined {
    if (fault?.kind === 'failed_status') return { code: fault.code, details: fault.details };
    if (!customer?.onWhatsapp) return { code: 131026, details: 'Message undeliverable.' };
    const { window } = this.world.faults.behaviour.limits;
    if (message.type === 'template' || window === 'off' || this.windowIsOpen(customer)) return undefined;
    const details =
      'Message failed to send because more than 24 hours have passed since the customer last replied to this number.';
    if (window === 'answer') throw new GraphFailure(131047, details);
    return { code: 131047, details };
  }

  private windowIsOpen({ waId }: Customer): boolean {
    const last = this.world.chats.lastWroteAt(waId);
    return last !== undefined && this.clock.now() - last <= WINDOW_MS;
  }

  private show(send: AcceptedSend, { waId }: Customer, message: SendMessage, template: Template | undefined): void {
    const entry: ChatEntry = {
      id: send.wamid,
      direction: 'in',
      at: new Date(this.clock.now()).toISOString(),
      status: 'pending',
      ...renderSend(message.type, message.content, template),
      reply_to: message.contextMessageId,
      biz_opaque_callback_data: send.callbackData,
    };
    this.world.chats.add(waId, entry);
    this.world.feed.tell({ type: 'entry', waId, entry });
  }
}

function answerTo(send: AcceptedSend, message: SendMessage, hidePhone: boolean): JsonObject {
  const hidden = hidePhone && send.addressedBy === 'user_id';
  const waId = hidden ? undefined : send.customer?.waId;
  const accepted = message.type === 'template' ? { id: send.wamid, message_status: 'accepted' } : { id: send.wamid };
  return {
    messaging_product: 'whatsapp',
    contacts: [compact({ input: message.input, wa_id: waId, user_id: send.customer?.userId })],
    messages: [accepted],
  };
}
