import { z } from 'zod';
import type { ChatContent, ChatEntry } from './chat.js';
import type { Customer } from './customers.js';
import { statusError } from './graph-errors.js';
import { compact, objectOf, textOf, type JsonObject } from './json.js';
import { renderPlain } from './render.js';

const text = z.string().min(1).max(65_536);
const common = {
  /** Reply to this message. */
  reply_to: z.string().optional(),
  /** Forces the message id: the same one twice is a redelivery. */
  id: z.string().min(1).max(300).optional(),
  /** Epoch seconds; now when absent. */
  timestamp: z.number().int().optional(),
  /** Merged into the message last: `referral`, `context`, or whatever Meta thinks of next. */
  extra: z.record(z.string(), z.unknown()).optional(),
};
const file = {
  caption: z.string().max(1024).optional(),
  filename: z.string().max(240).optional(),
  mime_type: z.string().optional(),
  /** Base64; a small sample when absent. */
  data: z.string().optional(),
};

const media = <const T extends string>(type: T) => z.strictObject({ type: z.literal(type), ...common, ...file });

/** What the person holding a simulated phone can do. */
export const customerAction = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text, ...common }),
  z.strictObject({
    type: z.literal('button_reply'),
    id: z.string(),
    title: z.string().optional(),
    reply_to: common.reply_to,
  }),
  z.strictObject({
    type: z.literal('list_reply'),
    id: z.string(),
    title: z.string().optional(),
    reply_to: common.reply_to,
  }),
  z.strictObject({ type: z.literal('button'), payload: z.string(), text: z.string().optional(), ...common }),
  media('image'),
  media('document'),
  media('audio'),
  media('video'),
  media('sticker'),
  z.strictObject({
    type: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    name: z.string().optional(),
    address: z.string().optional(),
    ...common,
  }),
  z.strictObject({
    type: z.literal('reaction'),
    message_id: z.string(),
    emoji: z.string().max(16).optional(),
    ...common,
  }),
  z.strictObject({
    type: z.literal('contacts'),
    contacts: z.array(z.record(z.string(), z.unknown())).min(1),
    ...common,
  }),
  z.strictObject({
    type: z.literal('unsupported'),
    kind: z.string().default('poll_creation'),
    code: z.number().int().default(131051),
    ...common,
  }),
  /** Any message object; from, id and timestamp are added where absent. */
  z.strictObject({ type: z.literal('raw'), message: z.record(z.string(), z.unknown()), ...common }),
]);
export type CustomerAction = z.output<typeof customerAction>;
export type MediaAction = Extract<CustomerAction, { type: 'image' | 'document' | 'audio' | 'video' | 'sticker' }>;

export interface WrittenMessage {
  /** The part of the webhook message that the type names, with `type` itself. */
  wire: JsonObject;
  shown: ChatContent;
}

/** Finds what a tapped button or list row says, and in which message it was. */
function tapped(
  chat: readonly ChatEntry[],
  action: { id: string; title?: string; reply_to?: string },
): {
  title: string;
  description?: string;
  messageId?: string;
} {
  const incoming = chat.filter((entry) => entry.direction === 'in');
  const candidates = action.reply_to ? incoming.filter((entry) => entry.id === action.reply_to) : incoming.toReversed();
  for (const entry of candidates) {
    const rows = entry.list?.sections.flatMap((section) => section.rows) ?? [];
    const hit = [...(entry.buttons ?? []), ...rows].find((option) => option.id === action.id);
    if (hit)
      return { title: hit.title, description: 'description' in hit ? hit.description : undefined, messageId: entry.id };
  }
  return { title: action.title ?? action.id, messageId: action.reply_to };
}

function writeReply(
  action: Extract<CustomerAction, { type: 'button_reply' | 'list_reply' }>,
  chat: readonly ChatEntry[],
): WrittenMessage & { replyTo?: string } {
  const { title, description, messageId } = tapped(chat, action);
  const reply = compact({ id: action.id, title, description: action.type === 'list_reply' ? description : undefined });
  const interactive = { type: action.type, [action.type]: reply };
  return { wire: { type: 'interactive', interactive }, shown: { type: 'text', text: title }, replyTo: messageId };
}

/** Turns a tap or a typed text into the wire message; media come separately, they need a stored file. */
export function writeMessage(
  action: Exclude<CustomerAction, MediaAction>,
  chat: readonly ChatEntry[],
): WrittenMessage & { replyTo?: string } {
  switch (action.type) {
    case 'text':
      return { wire: { type: 'text', text: { body: action.text } }, shown: { type: 'text', text: action.text } };
    case 'button_reply':
    case 'list_reply':
      return writeReply(action, chat);
    case 'button': {
      const { title, messageId } = tapped(chat, { id: action.payload, title: action.text, reply_to: action.reply_to });
      const label = action.text ?? title;
      const wire = { type: 'button', button: { payload: action.payload, text: label } };
      return { wire, shown: { type: 'text', text: label }, replyTo: messageId };
    }
    case 'location': {
      const { latitude, longitude, name, address } = action;
      const location = compact({ latitude, longitude, name, address });
      return { wire: { type: 'location', location }, shown: renderPlain('location', location) };
    }
    case 'reaction': {
      const reaction = compact({ message_id: action.message_id, emoji: action.emoji });
      const shown = { type: 'reaction', reaction: { message_id: action.message_id, emoji: action.emoji ?? '' } };
      return { wire: { type: 'reaction', reaction }, shown };
    }
    case 'contacts':
      return {
        wire: { type: 'contacts', contacts: action.contacts },
        shown: renderPlain('contacts', { contacts: action.contacts }),
      };
    case 'unsupported': {
      const errors = [statusError(action.code)];
      return {
        wire: { type: 'unsupported', errors, unsupported: { type: action.kind } },
        shown: { type: 'unsupported' },
      };
    }
    case 'raw': {
      const type = textOf(action.message['type']) ?? 'unknown';
      const body = objectOf(action.message['text'])['body'];
      return { wire: action.message, shown: { type, text: typeof body === 'string' ? body : undefined } };
    }
  }
}

/** The contact block and the sender fields; without phone when it is hidden. */
export function senderOf(customer: Customer, hidePhone: boolean): { contact: JsonObject; from: JsonObject } {
  const username = customer.username ?? (hidePhone ? usernameOf(customer.name) : undefined);
  const phone = hidePhone ? undefined : customer.waId;
  return {
    contact: compact({ profile: compact({ name: customer.name, username }), wa_id: phone, user_id: customer.userId }),
    from: compact({ from: phone, from_user_id: customer.userId }),
  };
}

function usernameOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/[^A-Za-z ]/g, '').trim().toLowerCase(); // prettier-ignore
  return plain.replace(/ +/g, '.') || 'user';
}
