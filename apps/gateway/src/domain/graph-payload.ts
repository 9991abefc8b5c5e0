import type { events } from '@parley/contracts';
import { events as wire } from '@parley/contracts';
import { payloadInvalid } from './errors.js';

type Content = NonNullable<events.MessageRequested['content']>;

/** The body of a POST to `/messages`. */
export type GraphPayload = Record<string, unknown>;

/** Meta's limits, in characters as WhatsApp counts them. */
const LIMITS = {
  text: 4096,
  buttonsBody: 1024,
  listBody: 4096,
  buttonTitle: 20,
  buttonId: 256,
  listButton: 20,
} as const;
const ROW_LIMITS = { id: 200, title: 24, description: 72 } as const;
const SEND_ID = /^[\x21-\x7e]{1,512}$/;
const TEMPLATE_NAME = /^[a-z0-9_]{1,512}$/;
// 132018: no line break, no tab, not more than four spaces in a row.
const BAD_PARAMETER = /[\n\r\t]| {5}/;

function check(what: string, text: string, most: number): string {
  if (text.trim() === '') throw payloadInvalid(`${what} is empty`);
  if ([...text].length > most) throw payloadInvalid(`${what} is longer than ${most} characters`);
  return text;
}

function checkCount(what: string, count: number, most: number): void {
  if (count < 1 || count > most) throw payloadInvalid(`there must be 1 to ${most} ${what}`);
}

function checkUnique(what: string, values: readonly string[]): void {
  if (new Set(values).size !== values.length) throw payloadInvalid(`two ${what} are the same`);
}

function textPart({ body }: events.OutboundText): GraphPayload {
  return { type: 'text', text: { body: check('the text', body, LIMITS.text) } };
}

function buttonsPart({ body, buttons }: events.OutboundButtons): GraphPayload {
  checkCount('buttons', buttons.length, 3);
  checkUnique(
    'button titles',
    buttons.map(({ title }) => title),
  );
  checkUnique(
    'button ids',
    buttons.map(({ id }) => id),
  );
  const replies = buttons.map(({ id, title }) => ({
    type: 'reply',
    reply: {
      id: check('a button id', id, LIMITS.buttonId),
      title: check('a button title', title, LIMITS.buttonTitle),
    },
  }));
  const text = check('the text', body, LIMITS.buttonsBody);
  return { type: 'interactive', interactive: { type: 'button', body: { text }, action: { buttons: replies } } };
}

function listPart({ body, button, rows }: events.OutboundList): GraphPayload {
  checkCount('rows', rows.length, 10);
  checkUnique(
    'row ids',
    rows.map(({ id }) => id),
  );
  const choices = rows.map(({ id, title, description }) => ({
    id: check('a row id', id, ROW_LIMITS.id),
    title: check('a row title', title, ROW_LIMITS.title),
    ...(description ? { description: check('a row description', description, ROW_LIMITS.description) } : {}),
  }));
  const action = { button: check('the list button', button, LIMITS.listButton), sections: [{ rows: choices }] };
  const text = check('the text', body, LIMITS.listBody);
  return { type: 'interactive', interactive: { type: 'list', body: { text }, action } };
}

function parameter(text: string): GraphPayload {
  if (text === '' || BAD_PARAMETER.test(text)) {
    throw payloadInvalid('a template parameter is empty, or has a line break, a tab or five spaces');
  }
  return { type: 'text', text };
}

function templatePart(template: events.OutboundTemplate, category: events.MessageCategory): GraphPayload {
  const { name, language, bodyParameters, buttonPayloads } = template;
  if (!TEMPLATE_NAME.test(name)) throw payloadInvalid('the template name has other signs than a-z, 0-9 and _');
  if (language === '') throw payloadInvalid('the template has no language');
  checkCount('button payloads', Math.max(1, buttonPayloads.length), 10);
  const components: GraphPayload[] = [];
  if (bodyParameters.length > 0) components.push({ type: 'body', parameters: bodyParameters.map(parameter) });
  // The code of an authentication template stands in its body and again in its only button, a URL.
  const code = category === wire.MessageCategory.AUTHENTICATION ? bodyParameters[0] : undefined;
  if (code !== undefined && buttonPayloads.length === 0) {
    components.push({ type: 'button', sub_type: 'url', index: '0', parameters: [parameter(code)] });
  }
  buttonPayloads.forEach((payload, index) => {
    const parameters = [{ type: 'payload', payload: check('a button payload', payload, LIMITS.buttonId) }];
    components.push({ type: 'button', sub_type: 'quick_reply', index: String(index), parameters });
  });
  const parts = components.length > 0 ? { components } : {};
  return { type: 'template', template: { name, language: { code: language }, ...parts } };
}

function contentPart(content: Content, category: events.MessageCategory): GraphPayload {
  switch (content.$case) {
    case 'text':
      return textPart(content.value);
    case 'buttons':
      return buttonsPart(content.value);
    case 'list':
      return listPart(content.value);
    case 'template':
      return templatePart(content.value, category);
  }
}

/** By phone where it is known (with `+`, else Meta guesses a country), else by user id. */
function recipientPart(message: events.MessageRequested): GraphPayload {
  const { waId = '', userId = '' } = message.recipient ?? {};
  const digits = waId.replace(/^\+/, '');
  if (/^\d{5,15}$/.test(digits)) return { to: `+${digits}` };
  if (userId !== '') return { recipient: userId };
  throw payloadInvalid('the recipient has neither a phone number nor a user id');
}

/**
 * Writes a message as the Graph API wants it, with our own id to know it by.
 * @throws AppError INVALID_ARGUMENT `PAYLOAD.INVALID` when Meta would refuse it for ever
 */
export function graphPayload(message: events.MessageRequested): GraphPayload {
  const { content, sendId, inReplyTo, category } = message;
  if (!SEND_ID.test(sendId)) throw payloadInvalid('its id is not 1 to 512 plain characters');
  if (!content) throw payloadInvalid('it has no content');
  return {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    ...recipientPart(message),
    ...contentPart(content, category),
    ...(inReplyTo ? { context: { message_id: inReplyTo } } : {}),
    biz_opaque_callback_data: sendId,
  };
}
