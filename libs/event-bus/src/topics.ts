import { events } from '@parley/contracts';
import type { common } from '@parley/contracts';
import type { Topic } from './event-bus.js';

interface Codec<M> {
  encode(message: M): { finish(): Uint8Array };
  decode(bytes: Uint8Array): M;
}

function topic<M>(name: string, message: string, codec: Codec<M>, encrypted: boolean, urgent = false): Topic<M> {
  const encode = (value: M): Uint8Array => codec.encode(value).finish();
  const decode = (bytes: Uint8Array): M => codec.decode(bytes);
  return { name, type: `parley.events.v1.${message}`, encode, decode, encrypted, urgent };
}

/** Every topic there is. Those that say who or what somebody said are encrypted; business events carry references only. */
export const topics = {
  /** What customers wrote, item by item as Meta sent it. */
  whatsappInbound: topic('whatsapp.inbound', 'WebhookItemReceived', events.WebhookItemReceived, true, true),
  /** What became of messages we sent. */
  whatsappStatus: topic('whatsapp.status', 'MessageStatusReceived', events.MessageStatusReceived, true),
  /** Messages to be sent now. */
  whatsappOutbound: topic('whatsapp.outbound', 'MessageRequested', events.MessageRequested, true, true),
  /** Messages of campaigns: a lane of their own, so that nobody waits behind them. */
  whatsappOutboundBulk: topic('whatsapp.outbound.bulk', 'MessageRequested', events.MessageRequested, true),
  /** Facts about conversations. */
  conversationEvents: topic('conversation.events', 'ConversationEvent', events.ConversationEvent, true),
  /** Changes of what we may send. */
  consentEvents: topic('consent.events', 'ConsentChanged', events.ConsentChanged, true),
  /** News from the business's own systems. */
  businessEvents: topic('business.events', 'BusinessEvent', events.BusinessEvent, false),
  /** Evidence that no other topic carries. */
  auditEvents: topic('audit.events', 'AuditEvidenceRecorded', events.AuditEvidenceRecorded, true),
} as const;

/** All topics, by name. */
export const topicsByName: ReadonlyMap<string, Topic<never>> = new Map(
  Object.values(topics).map((entry) => [entry.name, entry as unknown as Topic<never>]),
);

/** Topic that holds the dead letters of `name`. */
export function deadLetterTopic(name: string): string {
  return `${name}.dlq`;
}

/**
 * The key of every record about a person: `<phone_number_id>:<user_id, else wa_id>`, from the payload alone, so that
 * every producer computes the same one without asking anybody. In the log the person in it is replaced by a keyed hash.
 */
export function contactKey(contact: Pick<common.WhatsAppIdentity, 'phoneNumberId' | 'userId' | 'waId'>): string {
  return `${contact.phoneNumberId}:${contact.userId || contact.waId}`;
}
