import type { JsonObject } from './json.js';

interface ItemBase {
  /** Items of one lane are in one order: the customer they are about. */
  lane: string;
  /** What the delivery log calls it: a wamid, a wamid with a status, or the field. */
  label: string;
}

/** One update that Meta wants to tell; a POST carries one or many. */
export type WebhookItem =
  | (ItemBase & { kind: 'message'; numberId: string; contact?: JsonObject; content: JsonObject })
  | (ItemBase & { kind: 'status'; numberId: string; content: JsonObject })
  | (ItemBase & { kind: 'change'; field: string; value: JsonObject; time: number });

export interface Business {
  accountId: string;
  /** Phone number id to display phone number (digits). */
  numbers: ReadonlyMap<string, string>;
}

function sameContact(a: JsonObject, b: JsonObject): boolean {
  return a['user_id'] === b['user_id'] && a['wa_id'] === b['wa_id'];
}

function append(value: JsonObject, item: Exclude<WebhookItem, { kind: 'change' }>): void {
  const list = item.kind === 'message' ? 'messages' : 'statuses';
  value[list] = [...((value[list] as JsonObject[] | undefined) ?? []), item.content];
  if (item.kind !== 'message' || !item.contact) return;
  const contacts = (value['contacts'] as JsonObject[] | undefined) ?? [];
  const contact = item.contact;
  value['contacts'] = contacts.some((known) => sameContact(known, contact)) ? contacts : [...contacts, contact];
}

/**
 * The body of one POST. Neighbours about the same number share a `value`, as Meta does it: messages and statuses in
 * arrays of their own, each contact once. Other fields are a change each, in an entry with a time.
 */
export function buildEnvelope(items: readonly WebhookItem[], business: Business): JsonObject {
  const entries: { id: string; time?: number; changes: JsonObject[] }[] = [];
  let open: { numberId: string; value: JsonObject } | undefined;
  for (const item of items) {
    if (item.kind === 'change') {
      open = undefined;
      entries.push({ id: business.accountId, time: item.time, changes: [{ field: item.field, value: item.value }] });
      continue;
    }
    if (open?.numberId !== item.numberId) {
      const metadata = {
        display_phone_number: business.numbers.get(item.numberId) ?? item.numberId,
        phone_number_id: item.numberId,
      };
      open = { numberId: item.numberId, value: { messaging_product: 'whatsapp', metadata } };
      const change = { field: 'messages', value: open.value };
      const last = entries.at(-1);
      if (last && last.time === undefined) last.changes.push(change);
      else entries.push({ id: business.accountId, changes: [change] });
    }
    append(open.value, item);
  }
  return { object: 'whatsapp_business_account', entry: entries };
}
