import type { Customer } from './customers.js';
import { compact, type JsonObject } from './json.js';

export type StatusName = 'sent' | 'delivered' | 'read' | 'failed';

/** What the simulator remembers of a send it accepted, to report on it. */
export interface AcceptedSend {
  wamid: string;
  numberId: string;
  /** The addressee as the simulator knows them; undefined for a user id nobody has. */
  customer?: Customer;
  /** How the sender named the recipient. */
  addressedBy: 'phone' | 'user_id';
  input: string;
  callbackData?: string;
  /** What it costs: the template's category, or `service`. */
  category: string;
}

/** One element of `statuses[]`. */
export function statusOf(
  send: AcceptedSend,
  status: StatusName,
  atMs: number,
  options: { hidePhone: boolean; errors?: JsonObject[] },
): JsonObject {
  const { customer } = send;
  // The phone is repeated to whoever knew it; a sender who knows the user id only never learns it from a status.
  const hidden = send.addressedBy === 'user_id' && options.hidePhone;
  const failed = status === 'failed';
  const priced = status === 'sent' || status === 'delivered';
  return compact({
    id: send.wamid,
    status,
    timestamp: String(Math.floor(atMs / 1000)),
    recipient_id: hidden || !customer ? undefined : customer.waId,
    recipient_user_id: failed && send.addressedBy === 'phone' ? undefined : (customer?.userId ?? send.input),
    biz_opaque_callback_data: send.callbackData,
    pricing: priced ? { billable: true, pricing_model: 'PMP', type: 'regular', category: send.category } : undefined,
    errors: options.errors,
  });
}
