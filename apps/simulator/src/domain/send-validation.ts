import { missing, optionalText, requireList, requireNumber, requireObject, requireText } from './checks.js';
import { GraphFailure } from './graph-errors.js';
import { checkInteractive } from './interactive-validation.js';
import { isObject, objectOf, textOf, type JsonObject } from './json.js';
import { checkMedia } from './media-validation.js';
import { checkTemplateShape } from './template-validation.js';

/** A message that has the right shape; whether it may go to this person now is decided elsewhere. */
export interface SendMessage {
  kind: 'message';
  /** By phone (digits) or by business-scoped user id; a phone wins when both are given. */
  recipient: { waId: string } | { userId: string };
  /** As the caller wrote the recipient; Graph repeats it in the answer. */
  input: string;
  type: string;
  content: JsonObject;
  contextMessageId?: string;
  callbackData?: string;
}

export interface ReadReceipt {
  kind: 'read';
  messageId: string;
  typing: boolean;
}

const MEDIA_TYPES = ['image', 'video', 'audio', 'document', 'sticker'] as const;
const CHECKS: Readonly<Record<string, (content: JsonObject) => void>> = {
  text: checkText,
  template: checkTemplateShape,
  interactive: checkInteractive,
  reaction: checkReaction,
  location: checkLocation,
  contacts: () => undefined,
  ...Object.fromEntries(MEDIA_TYPES.map((type) => [type, (content: JsonObject) => checkMedia(type, content)])),
};
const TEXT_BODY = 4096;
const CALLBACK_DATA = 512;
// A business-scoped user id: country, dot, up to 128 letters and digits; `ENT.` marks that of a parent portfolio.
const USER_ID = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;

/** Checks the body of `POST /{phone-number-id}/messages`. @throws GraphFailure as Meta would refuse it */
export function validateSend(body: unknown): SendMessage | ReadReceipt {
  if (!isObject(body)) throw new GraphFailure(100, 'The body must be a JSON object.');
  if (body['messaging_product'] === undefined) throw required('messaging_product');
  if (body['messaging_product'] !== 'whatsapp') throw param('Param messaging_product must be one of {whatsapp}');
  if (body['status'] !== undefined) return validateRead(body);
  const recipientType = body['recipient_type'] ?? 'individual';
  if (recipientType !== 'individual') throw param('Param recipient_type must be one of {individual}');
  const type = textOf(body['type']) ?? 'text';
  const check = Object.hasOwn(CHECKS, type) ? CHECKS[type] : undefined;
  if (!check)
    throw param(`Param type must be one of {${Object.keys(CHECKS).join(', ').toUpperCase()}} - got "${type}".`);
  const { recipient, input } = readRecipient(body);
  const content = type === 'contacts' ? { contacts: checkContacts(body) } : requireObject(body, type, '');
  check(content);
  const contextMessageId = textOf(objectOf(body['context'])['message_id']);
  if (isObject(body['context']) && contextMessageId === undefined) throw missing('context.message_id');
  return { kind: 'message', recipient, input, type, content, contextMessageId, callbackData: readCallbackData(body) };
}

function required(name: string): GraphFailure {
  return param(`The parameter ${name} is required.`);
}

function param(message: string): GraphFailure {
  return new GraphFailure(100, undefined, { message });
}

function validateRead(body: JsonObject): ReadReceipt {
  if (body['status'] !== 'read') throw param('Param status must be one of {read}');
  const messageId = requireText(body, 'message_id', '', 500);
  const typing = body['typing_indicator'];
  if (typing !== undefined && objectOf(typing)['type'] !== 'text')
    throw param('Param typing_indicator.type must be one of {text}');
  return { kind: 'read', messageId, typing: typing !== undefined };
}

function readRecipient(body: JsonObject): Pick<SendMessage, 'recipient' | 'input'> {
  const { to, recipient } = body;
  if (to !== undefined && to !== null) {
    if (typeof to !== 'string') throw param('Param to must be a string.');
    const waId = to.replace(/[\s()-]/g, '').replace(/^\+/, '');
    if (!/^[1-9]\d{6,14}$/.test(waId))
      throw new GraphFailure(131009, 'Parameter value is not valid: to must be a phone number.');
    return { recipient: { waId }, input: to };
  }
  if (recipient === undefined || recipient === null) throw required('to');
  if (typeof recipient !== 'string' || !USER_ID.test(recipient)) {
    throw new GraphFailure(131009, 'Parameter value is not valid: recipient must be a business-scoped user id.');
  }
  return { recipient: { userId: recipient }, input: recipient };
}

function readCallbackData(body: JsonObject): string | undefined {
  const data = body['biz_opaque_callback_data'];
  if (data === undefined || data === null) return undefined;
  if (typeof data !== 'string') throw param('Param biz_opaque_callback_data must be a string.');
  if (data.length > CALLBACK_DATA) {
    throw param(`Param biz_opaque_callback_data must be at most ${CALLBACK_DATA} characters long.`);
  }
  return data;
}

function checkText(text: JsonObject): void {
  const body = text['body'];
  if (body === undefined || body === '') throw required("text['body']");
  if (typeof body !== 'string') throw param("Param text['body'] must be a string.");
  if ([...body].length > TEXT_BODY) throw param(`Param text['body'] must be at most ${TEXT_BODY} characters long.`);
  if (body.trim() === '') throw new GraphFailure(131008, 'Required parameter is missing: text.body');
}

function checkReaction(reaction: JsonObject): void {
  requireText(reaction, 'message_id', 'reaction.', 500);
  // An empty emoji takes the reaction back.
  if (optionalText(reaction, 'emoji', 'reaction.', 16) === undefined) throw missing('reaction.emoji');
}

function checkLocation(location: JsonObject): void {
  requireNumber(location, 'latitude', 'location.', -90, 90);
  requireNumber(location, 'longitude', 'location.', -180, 180);
}

function checkContacts(body: JsonObject): JsonObject[] {
  const contacts = requireList(body, 'contacts', '', 1, 257);
  for (const contact of contacts) {
    requireText(requireObject(contact, 'name', 'contacts.'), 'formatted_name', 'contacts.name.', 1000);
  }
  return contacts;
}
