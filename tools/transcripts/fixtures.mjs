// The customers and orders of a scene as rows of the import format's messages.
import { erp } from '@parley/contracts';

const OPEN_WITH_US = new Set(['placed', 'confirmed', 'processing']);
const PLACED = '2026-11-01T09:00:00Z';
/** The number of whoever the CRM does not know. */
const NOBODY = '12025550000';

/** What the settings of a scene name, and the phone of everybody who may write. */
export function fixturesOf(settings, wordsOf) {
  const customers = settings
    .filter(({ name }) => name === 'customer')
    .map(({ text }, at) => customerOf(text, at, wordsOf));
  const unique = [...new Map(customers.map((customer) => [customer.id, customer])).values()];
  const orders = settings
    .filter(({ name }) => name === 'order')
    .map((setting) => orderOf(setting, unique[0]?.id ?? '', wordsOf));
  const phones = new Map(unique.map(({ id, phone }) => [id, phone.replace('+', '')]));
  const refused = settings.filter(({ name, text }) => name === 'order' && wordsOf(text).pairs.cancellable === 'false');
  const uncancellable = new Set(refused.map(({ text }) => wordsOf(text).words[0]));
  return { customers: unique, orders, uncancellable, phoneOf: (speaker) => phones.get(speaker) ?? NOBODY };
}

function customerOf(text, at, wordsOf) {
  const { words, pairs } = wordsOf(text);
  const [id] = words;
  // Whoever writes has a number, also where a scene has no use for it.
  const {
    name = id,
    phone = `+1202555${1000 + at}`,
    email = '',
    language = '',
    zone: timeZone = '',
    tier = '',
  } = pairs;
  return { id, name, phone, whatsappUserId: '', email, language, timeZone, tier, tags: [], notes: [] };
}

function orderOf({ text, line }, firstCustomer, wordsOf) {
  const { words, pairs } = wordsOf(text);
  const { customer = firstCustomer, status = 'confirmed', placed = PLACED } = pairs;
  const [number] = words;
  if (!number || !customer) throw new Error(`line ${line}: an order needs a number and a customer`);
  return {
    number,
    customerId: customer,
    placedAt: new Date(placed),
    status: erp.OrderStatus[status.toUpperCase()],
    lines: [],
    shipments: shipmentsOf(number, status, pairs),
    cancellable: false,
  };
}

function shipmentsOf(number, status, { due, delivered }) {
  const parcel = { carrier: 'Northwind Express', trackingNumber: `NX-${number}`, trackingUrl: '' };
  const estimatedDelivery = due ? new Date(due) : undefined;
  const deliveredAt = delivered ? new Date(delivered) : undefined;
  const { PENDING, IN_TRANSIT, OUT_FOR_DELIVERY, DELIVERED } = erp.ShipmentStatus;
  if (!OPEN_WITH_US.has(status)) {
    const moving = status === 'out_for_delivery' ? OUT_FOR_DELIVERY : IN_TRANSIT;
    return [{ ...parcel, status: delivered ? DELIVERED : moving, estimatedDelivery, deliveredAt }];
  }
  return due ? [{ ...parcel, status: PENDING, estimatedDelivery }] : [];
}
