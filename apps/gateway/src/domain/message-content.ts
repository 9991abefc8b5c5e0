import type { events } from '@parley/contracts';
import { asObject, asText, type JsonObject } from './json-values.js';

type Content = events.WebhookItemReceived['content'];
type Reader = (part: JsonObject, message: JsonObject) => Content;

// A BSUID where a number is expected: "US." and then letters or digits.
const USER_ID = /^[A-Z]{2}\./;

/** Whether an id is a business-scoped user id and not a phone number. */
export function isUserId(id: string): boolean {
  return USER_ID.test(id);
}

function media(part: JsonObject): Content {
  const value = {
    mediaId: asText(part['id']),
    mimeType: asText(part['mime_type']),
    caption: asText(part['caption']),
    fileName: asText(part['filename']),
    voice: part['voice'] === true,
  };
  return { $case: 'media', value };
}

function reply(id: unknown, title: unknown): Content {
  return { $case: 'reply', value: { id: asText(id), title: asText(title) } };
}

function interactive(part: JsonObject): Content {
  const choice = asObject(part['button_reply']) ?? asObject(part['list_reply']);
  return choice && reply(choice['id'], choice['title']);
}

function reaction(part: JsonObject): Content {
  return { $case: 'reaction', value: { messageId: asText(part['message_id']), emoji: asText(part['emoji']) } };
}

function location(part: JsonObject): Content {
  const { latitude, longitude } = part;
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return undefined;
  return { $case: 'location', value: { latitude, longitude, name: asText(part['name']) || asText(part['address']) } };
}

const IDENTITY_CHANGES = new Set(['user_changed_number', 'customer_changed_number', 'user_changed_user_id']);

function system(part: JsonObject): Content {
  if (!IDENTITY_CHANGES.has(asText(part['type']))) return undefined;
  const value = {
    newWaId: asText(part['wa_id']) || asText(part['new_wa_id']),
    newUserId: asText(part['user_id']),
    previousUserId: asText(part['previous_user_id']),
  };
  return { $case: 'identityChange', value };
}

/** How each type Parley understands is read; every other type is kept raw. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['text', (part) => ({ $case: 'text', value: { body: asText(part['body']) } })],
  ['button', (part) => reply(part['payload'], part['text'])],
  ['interactive', interactive],
  ['image', media],
  ['audio', media],
  ['video', media],
  ['document', media],
  ['sticker', media],
  // The on-premises API calls a voice note by its own name.
  ['voice', (part) => media({ ...part, voice: true })],
  ['reaction', reaction],
  ['location', location],
  ['system', system],
]);

/** The content of a message; undefined when its type is not understood or its part is not there. */
export function contentOf(message: JsonObject): Content {
  const type = asText(message['type'], 64);
  const part = asObject(message[type]);
  return part && READERS.get(type)?.(part, message);
}

/** The content of an entry of `user_preferences`. */
export function preferenceOf(entry: JsonObject): Content {
  return { $case: 'preference', value: { category: asText(entry['category']), value: asText(entry['value']) } };
}
