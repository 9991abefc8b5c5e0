// What a row of each file may hold. Fields are as in the documented format; unknown ones are an error.
import { z } from 'zod';

const text = z
  .string('must be a text')
  .refine((value) => value.trim() !== '', 'must not be empty')
  .refine((value) => !value.includes('\0'), 'must not hold a NUL character')
  .refine((value) => value.isWellFormed(), 'must be well-formed Unicode');

// By shape only: whether a numbering plan knows the number is never a reason to refuse it.
const phone = text.refine((value) => /^\+[1-9]\d{6,14}$/.test(value), 'must be + and 7 to 15 digits, the first not 0');

const time = text.refine(isTime, 'must be a time with offset such as 2026-11-22T10:00:00+01:00');
const date = z.iso.date('must be a date such as 2026-11-22');
const word = (...words) => z.enum(words, `must be one of ${words.join(', ')}`);
const list = (item) => z.array(item, 'must be a list');

const MOST = 2_147_483_647;
const integer = (min) =>
  z.int('must be a whole number').min(min, `must be at least ${min}`).max(MOST, `must be at most ${MOST}`);

const money = z.strictObject(
  {
    amount: z
      .string('must be a decimal string such as "49.90"')
      .regex(/^-?\d{1,15}(\.\d{1,6})?$/, 'must be a decimal string such as "49.90"'),
    currency: z.string('must be a text').regex(/^[A-Z]{3}$/, 'must be a currency code such as EUR'),
  },
  'must be an amount and a currency',
);

/** What something costs or somebody owes. What a customer is worth may be less than nothing: they may have sent back more than they kept. */
const price = money.refine(({ amount }) => !amount.startsWith('-'), {
  path: ['amount'],
  message: 'must not be negative',
});

const orderNumber = text.refine(
  isOrderNumber,
  'must be 3 to 24 letters, digits and single - / . or space, two digits at least',
);

const object = (fields) => z.strictObject(fields, 'must be an object');

export const customer = object({
  id: text,
  name: text,
  phone: phone.optional(),
  whatsapp_user_id: text.optional(),
  email: text.refine((value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value), 'must be an e-mail address').optional(),
  language: text.refine(isLanguage, 'must be a BCP 47 tag such as en or pt-BR').optional(),
  time_zone: text.refine(isZone, 'must be an IANA zone such as Europe/Madrid').optional(),
  tier: text.optional(),
  tags: list(text).optional(),
  notes: list(object({ at: time, text })).optional(),
  lifetime_value: money.optional(),
});

export const product = object({
  sku: text,
  name: text,
  product_line: text.optional(),
  price,
  stock: integer(-MOST),
});

const line = object({ sku: text, quantity: integer(1), unit_price: price });

const shipment = object({
  carrier: text,
  tracking_number: text,
  tracking_url: text.optional(),
  status: word('pending', 'label', 'in_transit', 'out_for_delivery', 'delivered', 'exception', 'returned'),
  estimated_delivery: time.optional(),
  delivered_at: time.optional(),
});

export const order = object({
  number: orderNumber,
  customer_id: text,
  placed_at: time,
  status: word(
    'placed',
    'confirmed',
    'processing',
    'shipped',
    'out_for_delivery',
    'delivered',
    'cancelled',
    'returned',
  ),
  lines: list(line),
  shipments: list(shipment).optional(),
});

export const invoice = object({
  number: text,
  order_number: orderNumber.optional(),
  customer_id: text,
  total: price,
  status: word('open', 'paid', 'overdue', 'void'),
  due_on: date,
});

export const technician = object({ id: text, name: text, phone, skills: list(text).optional() });

export const workOrder = object({
  number: text,
  title: text,
  site: text,
  technician_id: text.optional(),
  status: word('open', 'assigned', 'accepted', 'en_route', 'on_site', 'done', 'cancelled'),
  scheduled_at: time,
  priority: text,
});

/** RFC 3339 with offset; the day has to exist. */
function isTime(value) {
  const match = /^(\d{4}-\d{2}-\d{2})[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})$/.exec(value);
  return match !== null && z.iso.date().safeParse(match[1]).success && !Number.isNaN(Date.parse(value));
}

/** 3 to 24 characters, at least two of them digits; a `#` may stand before them. */
export function isOrderNumber(value) {
  const bare = value.normalize('NFKC').trim().replace(/^#\s*/u, '');
  const digits = bare.match(/\p{Nd}/gu)?.length ?? 0;
  const shape = /^[\p{L}\p{M}\p{Nd}]+([-/. ][\p{L}\p{M}\p{Nd}]+)*$/u;
  return bare.length >= 3 && bare.length <= 24 && digits >= 2 && shape.test(bare);
}

function isLanguage(tag) {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

function isZone(zone) {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}
