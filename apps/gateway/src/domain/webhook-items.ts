import { createHash } from 'node:crypto';
import type { common, events } from '@parley/contracts';
import { elements, members, whole, type Slice } from './json-slices.js';
import { asArray, asMoment, asObject, asText, type JsonObject } from './json-values.js';
import { contentOf, isUserId, preferenceOf } from './message-content.js';
import { readEnvelope, type Change } from './webhook-envelope.js';

/** One item of a webhook, ready for the log. */
export type WebhookItem =
  { kind: 'inbound'; value: events.WebhookItemReceived } | { kind: 'status'; value: events.MessageStatusReceived };

/** Ids that any store and any log line can hold; everything else is replaced by a hash. */
const PLAIN_ID = /^[\x21-\x7e]{1,512}$/;
/** A profile name and two ids fit many times over; more is not copied into every item of a batch. */
const MAX_CONTEXT_BYTES = 4096;

/** Meta puts at most 1,000 updates into one webhook. Far more is no webhook of a kind we know: it is kept in one piece. */
const MAX_ITEMS = 5000;

const MESSAGE_FIELDS = new Set(['messages', 'standby']);
/** What is copied byte by byte. */
const SLICED = new Set(['metadata', 'messages', 'statuses', 'errors', 'user_preferences']);
/** What of a value is taken apart, or is context of the parts. */
const KNOWN = new Set(['messaging_product', 'metadata', 'contacts', 'messages', 'statuses', 'errors']);
const KNOWN_OF_PREFERENCES = new Set(['messaging_product', 'metadata', 'contacts', 'user_preferences']);
const LISTS = new Set(['contacts', 'messages', 'statuses', 'errors', 'user_preferences']);

/**
 * Splits a verified webhook into items: messages, statuses, errors, marketing preferences; every other field whole.
 * Tolerant of everything: what is not understood is kept raw. An item is made when it is asked for, so that whoever asks for
 * thousands can let others have their turn.
 * @throws AppError INVALID_ARGUMENT as `readEnvelope` says, when the first is asked for
 */
export function* splitWebhook(body: Buffer, receivedAt: Date): Generator<WebhookItem, void> {
  const changes = readEnvelope(body);
  if (changes.reduce((count, { value }) => count + sizeOf(value), 0) > MAX_ITEMS) {
    const change = { businessAccountId: '', time: '', field: '', value: undefined, slice: whole(body) };
    yield* new ChangeSplitter(body, change, receivedAt).items();
    return;
  }
  for (const change of changes) yield* new ChangeSplitter(body, change, receivedAt).items();
}

function sizeOf(value: JsonObject | undefined): number {
  if (!value) return 1;
  const parts = ['messages', 'statuses', 'errors', 'user_preferences'].map((name) => asArray(value[name]).length);
  return Math.max(1, ...parts);
}

class ChangeSplitter {
  readonly #phoneNumberId: string;
  readonly #contacts: JsonObject[];
  /** Where the first contact stands that an id names; for many contacts, made when it is needed. */
  #places?: ReadonlyMap<unknown, number>;
  readonly #slices: Map<string, Slice>;

  constructor(
    private readonly body: Buffer,
    private readonly change: Change,
    private readonly receivedAt: Date,
  ) {
    const { value, slice } = change;
    this.#phoneNumberId = asText(asObject(value?.['metadata'])?.['phone_number_id'], 64);
    this.#contacts = asArray(value?.['contacts']).flatMap((candidate) => {
      const contact = asObject(candidate);
      return contact ? [contact] : [];
    });
    this.#slices = value ? members(body, slice, SLICED) : new Map<string, Slice>();
  }

  *items(): Generator<WebhookItem, void> {
    const { field, value } = this.change;
    if (!value) yield this.#whole();
    else if (field === 'user_preferences' && Array.isArray(value['user_preferences'])) {
      yield* this.#withRest(this.#preferences(value), value, KNOWN_OF_PREFERENCES);
    } else if (MESSAGE_FIELDS.has(field)) yield* this.#withRest(this.#parts(value), value, KNOWN);
    else yield this.#whole();
  }

  *#parts(value: JsonObject): Generator<WebhookItem, void> {
    yield* this.#each(value, 'messages', (message, slice) => this.#message(message, slice));
    yield* this.#each(value, 'statuses', (status, slice) => this.#status(status, slice));
    yield* this.#each(value, 'errors', (_error, slice) => this.#inbound('errors', '', slice, {}));
  }

  /** A member never seen before, or of a shape never seen before, is kept with the whole value, once. */
  *#withRest(
    parts: Iterable<WebhookItem>,
    value: JsonObject,
    known: ReadonlySet<string>,
  ): Generator<WebhookItem, void> {
    const taken = (key: string): boolean => known.has(key) && (!LISTS.has(key) || Array.isArray(value[key]));
    let some = false;
    for (const part of parts) {
      some = true;
      yield part;
    }
    if (!some || !Object.keys(value).every(taken)) yield this.#whole();
  }

  *#each(
    value: JsonObject,
    name: string,
    read: (item: JsonObject, slice: Slice) => WebhookItem,
  ): Generator<WebhookItem, void> {
    const slice = this.#slices.get(name);
    if (!slice || !Array.isArray(value[name])) return;
    const slices = elements(this.body, slice);
    for (const [n, item] of asArray(value[name]).entries()) {
      const at = slices[n];
      if (at) yield read(asObject(item) ?? {}, at);
    }
  }

  #preferences(value: JsonObject): Iterable<WebhookItem> {
    return this.#each(value, 'user_preferences', (entry, slice) =>
      this.#inbound('user_preferences', '', slice, {
        contact: this.#contact(asText(entry['wa_id'], 128), asText(entry['user_id'], 160)),
        sentAt: asMoment(entry['timestamp']),
        content: preferenceOf(entry),
      }),
    );
  }

  #message(message: JsonObject, slice: Slice): WebhookItem {
    const id = asText(message['id'], 600);
    return this.#inbound('messages', asText(message['type'], 64), slice, {
      ...(PLAIN_ID.test(id) ? { itemId: id } : {}),
      contact: this.#contact(asText(message['from'], 160), asText(message['from_user_id'], 160)),
      sentAt: asMoment(message['timestamp']),
      contextMessageId: asText(asObject(message['context'])?.['id'], 512),
      content: contentOf(message),
    });
  }

  #status(status: JsonObject, slice: Slice): WebhookItem {
    const recipientId = asText(status['recipient_id'], 160) || asText(status['recipient_user_id'], 160);
    const parts = [status['id'], status['status']].map((part) => asText(part, 512));
    // The recipient is part of what makes a status one of its kind; ids are stored and shown in the clear, phones are not.
    const recipient = createHash('sha256')
      .update(JSON.stringify([...parts, recipientId]))
      .digest('hex')
      .slice(0, 16);
    const id = [...parts, recipient].join('/');
    const known = PLAIN_ID.test(id) && parts[0] !== '';
    const value: events.MessageStatusReceived = {
      itemId: known ? id : this.#hash(slice),
      messageId: asText(status['id'], 512),
      status: asText(status['status'], 64),
      recipient: this.#contact(asText(status['recipient_id'], 160), asText(status['recipient_user_id'], 160)),
      at: asMoment(status['timestamp']),
      receivedAt: this.receivedAt,
      callbackData: asText(status['biz_opaque_callback_data'], 512),
      errors: asArray(status['errors']).slice(0, 20).map(statusError),
      raw: this.#bytes(slice),
      traceparent: '',
    };
    return { kind: 'status', value };
  }

  /** The change as one item: the way of everything that is not taken apart. */
  #whole(): WebhookItem {
    const { slice, value } = this.change;
    const contact = this.#contacts.length === 1 ? this.#contact('', '') : undefined;
    return this.#inbound('', '', slice, { ...(contact && { contact }), raw: value ? undefined : this.#bytes(slice) });
  }

  #inbound(
    part: string,
    type: string,
    slice: Slice,
    known: Partial<Omit<events.WebhookItemReceived, 'raw'>> & { raw?: Buffer },
  ): WebhookItem {
    const value: events.WebhookItemReceived = {
      itemId: known.itemId ?? this.#hash(slice),
      field: this.change.field,
      type,
      businessAccountId: this.change.businessAccountId,
      contact: known.contact ?? identity(this.#phoneNumberId, '', '', ''),
      sentAt: known.sentAt,
      receivedAt: this.receivedAt,
      contextMessageId: known.contextMessageId ?? '',
      content: known.content,
      raw: known.raw ?? this.#raw(part, slice),
      traceparent: '',
    };
    return { kind: 'inbound', value };
  }

  /** An id for what has none of its own: the same bytes in the same entry are the same item. */
  #hash(slice: Slice): string {
    const { businessAccountId, time, field } = this.change;
    const hash = createHash('sha256').update(JSON.stringify([businessAccountId, time, field]));
    return `sha256:${hash.update(this.#bytes(slice)).digest('hex')}`;
  }

  #bytes(slice: Slice): Buffer {
    return this.body.subarray(slice.start, slice.end);
  }

  /** A change of its own around the item, with the metadata it came under: one reader serves webhooks and items. */
  #raw(part: string, slice: Slice): Buffer {
    const field = Buffer.from(`{"field":${JSON.stringify(this.change.field)},"value":`);
    if (part === '') return Buffer.concat([field, this.#bytes(slice), Buffer.from('}')]);
    const metadata = this.#slices.get('metadata');
    const fits = metadata && metadata.end - metadata.start <= MAX_CONTEXT_BYTES;
    const context = fits ? [Buffer.from('"metadata":'), this.#bytes(metadata), Buffer.from(',')] : [];
    return Buffer.concat([
      field,
      Buffer.from('{'),
      ...context,
      Buffer.from(`"${part}":[`),
      this.#bytes(slice),
      Buffer.from(']}}'),
    ]);
  }

  /** Who an item is about: its own ids, completed by the contact they name (or the only one there is). */
  #contact(from: string, fromUserId: string): common.WhatsAppIdentity {
    const own = { waId: isUserId(from) ? '' : from, userId: fromUserId || (isUserId(from) ? from : '') };
    const contact =
      this.#named(own.waId, own.userId) ??
      (this.#contacts.length === 1 && own.waId === '' && own.userId === '' ? this.#contacts[0] : undefined);
    const waId = asText(contact?.['wa_id'], 160);
    const userId = own.userId || asText(contact?.['user_id'], 160) || (isUserId(waId) ? waId : '');
    const name = asText(asObject(contact?.['profile'])?.['name'], 256);
    return identity(this.#phoneNumberId, userId, own.waId || (isUserId(waId) ? '' : waId), name);
  }

  /** The first contact that has one of these ids. Not looked for one by one: thousands of items may have thousands of contacts. */
  #named(...ids: string[]): JsonObject | undefined {
    this.#places ??= placesOf(this.#contacts);
    const places = ids.flatMap((id) => (id === '' ? [] : (this.#places?.get(id) ?? [])));
    return places.length > 0 ? this.#contacts[Math.min(...places)] : undefined;
  }
}

function placesOf(contacts: readonly JsonObject[]): Map<unknown, number> {
  const places = new Map<unknown, number>();
  for (const [place, contact] of contacts.entries()) {
    for (const id of [contact['wa_id'], contact['user_id']]) if (!places.has(id)) places.set(id, place);
  }
  return places;
}

function identity(phoneNumberId: string, userId: string, waId: string, profileName: string): common.WhatsAppIdentity {
  return { phoneNumberId, userId, waId, profileName };
}

function statusError(untrusted: unknown): events.StatusError {
  const error = asObject(untrusted);
  const code = Number(error?.['code']);
  return {
    code: Number.isInteger(code) && Math.abs(code) < 2 ** 31 ? code : 0,
    title: asText(error?.['title'], 512),
    details: asText(asObject(error?.['error_data'])?.['details'], 1024),
  };
}
