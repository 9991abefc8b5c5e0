import { asText } from './as-text.js';

/** An order as flows and replies see it. Plain JSON; instants are ISO texts. */
export interface OrderView {
  number: string;
  status: OrderWord;
  /** Latest estimated delivery of what has not been delivered yet; absent when unknown. */
  arrives?: string;
  /** Whether that instant has passed and the order has not arrived. */
  late: boolean;
  deliveredAt?: string;
  placedAt?: string;
  cancellable: boolean;
  /** Whether something of it is on its way already. */
  shipped: boolean;
  open: boolean;
}

/** The states of an order, in the order of the contract's enum. */
export const ORDER_WORDS = [
  'unspecified',
  'placed',
  'confirmed',
  'processing',
  'shipped',
  'out_for_delivery',
  'delivered',
  'cancelled',
  'returned',
] as const;
export type OrderWord = (typeof ORDER_WORDS)[number];

/** The states of a shipment, in the order of the contract's enum. */
export const SHIPMENT_WORDS = [
  'unspecified',
  'pending',
  'label',
  'in_transit',
  'out_for_delivery',
  'delivered',
  'exception',
  'returned',
] as const;

const ON_ITS_WAY: readonly OrderWord[] = ['shipped', 'out_for_delivery'];
const CLOSED: readonly OrderWord[] = ['delivered', 'cancelled', 'returned'];
const BEFORE_SHIPPING: readonly OrderWord[] = ['placed', 'confirmed', 'processing'];

/** What the ERP says about an order, reduced to what may be said in a chat. */
export function orderView(order: Record<string, unknown>, now: Date): OrderView {
  const status = wordOf(order.status, ORDER_WORDS, 'ORDER_STATUS_');
  const shipments = Array.isArray(order.shipments) ? order.shipments.map((s) => shipmentOf(s as Json)) : [];
  const closed = CLOSED.includes(status);
  const arrives = closed
    ? undefined
    : latest(shipments.filter((s) => s.status !== 'delivered').map((s) => s.estimated));
  const moving = shipments.some((s) => !['unspecified', 'pending', 'label'].includes(s.status));
  return {
    number: asText(order.number),
    status,
    arrives,
    late: arrives !== undefined && new Date(arrives) <= now,
    deliveredAt: status === 'delivered' ? latest(shipments.map((s) => s.delivered)) : undefined,
    placedAt: isoOf(order.placedAt),
    cancellable: order.cancellable === true && BEFORE_SHIPPING.includes(status),
    shipped: ON_ITS_WAY.includes(status) || (!closed && moving),
    open: !closed,
  };
}

type Json = Record<string, unknown>;

function shipmentOf(shipment: Json): { status: string; estimated?: string; delivered?: string } {
  return {
    status: wordOf(shipment.status, SHIPMENT_WORDS, 'SHIPMENT_STATUS_'),
    estimated: isoOf(shipment.estimatedDelivery),
    delivered: isoOf(shipment.deliveredAt),
  };
}

// A status arrives as the contract's number, as its name ("ORDER_STATUS_SHIPPED") or as a plain word ("shipped").
function wordOf<W extends string>(status: unknown, words: readonly W[], prefix: string): W {
  if (typeof status === 'number') return words[status] ?? words[0]!;
  const word = asText(status).replace(prefix, '').toLowerCase();
  return words.find((known) => known === word) ?? words[0]!;
}

function isoOf(instant: unknown): string | undefined {
  if (instant instanceof Date) return instant.toISOString();
  if (typeof instant !== 'string' || instant === '') return undefined;
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function latest(instants: (string | undefined)[]): string | undefined {
  return instants
    .filter((i) => i !== undefined)
    .sort()
    .at(-1);
}
