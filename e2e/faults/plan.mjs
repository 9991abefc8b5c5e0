// What a seed makes of a run: customers with orders, what each of them writes, and which faults come when.

/** Messages of an ordinary customer: five questions, three cancellations of two messages each, and a call for a person. */
export const MESSAGES_PER_CUSTOMER = 12;
/** More than the 45 that may go to one person at once. */
const CHATTY_MESSAGES = 50;
const PHRASES = [
  (order) => `Track order ${order}`,
  (order) => `where is my order ${order}?`,
  (order) => `could you check the status of order ${order} please`,
];

/**
 * @typedef {{ kind: 'track' | 'cancel' | 'confirm' | 'human' | 'stop', order?: string, text?: string }} Message
 * @typedef {{ index: number, id: string, phone: string, waId: string, steps: Message[][], stops: boolean }} Customer
 */

/** Steps of a customer; the messages of one step go in one webhook, the next step waits for their answers. */
function script(dice, nextOrder) {
  const track = () => {
    const order = nextOrder();
    return { kind: 'track', order, text: dice.pick(PHRASES)(order) };
  };
  const cancel = () => {
    const order = nextOrder();
    return [[{ kind: 'cancel', order, text: `cancel order ${order}` }], [{ kind: 'confirm', order }]];
  };
  const parts = dice.shuffled(['one', 'two', 'two', 'cancel', 'cancel', 'cancel']);
  const steps = parts.flatMap((part) => {
    if (part === 'cancel') return cancel();
    return [part === 'one' ? [track()] : [track(), track()]];
  });
  return [...steps, [{ kind: 'human', text: 'let me talk to a person' }]];
}

/** A customer who asks for more answers than may go to one person at once, four questions at a time. */
function chattyScript(dice, nextOrder) {
  const messages = Array.from({ length: CHATTY_MESSAGES }, () => {
    const order = nextOrder();
    return { kind: 'track', order, text: PHRASES[0](order) };
  });
  return Array.from({ length: Math.ceil(messages.length / 5) }, (_, n) => messages.slice(n * 5, n * 5 + 5));
}

/** A customer who wants nothing more from us, gets nothing more, and asks something later. */
function stoppingScript(dice, nextOrder) {
  const order = nextOrder();
  const first = { kind: 'track', order, text: PHRASES[0](order) };
  return [[first], [{ kind: 'stop', text: 'STOP' }], ...script(dice, nextOrder).slice(0, -1)];
}

/**
 * @param {import('./random.mjs').Dice} dice
 * @param {number} messages about how many; a script is never cut
 * @returns {Customer[]}
 */
export function planCustomers(dice, messages) {
  const customers = [];
  let order = 0;
  let planned = 0;
  const nextOrder = () => `FR-${100_000 + (order += 1)}`;
  const chatty = Math.max(1, Math.round(messages / 5000));
  while (planned < messages) {
    const index = customers.length;
    const stops = index % 10 === 7;
    const steps = index < chatty ? chattyScript(dice, nextOrder) : (stops ? stoppingScript : script)(dice, nextOrder);
    planned += steps.flat().length;
    const phone = `+1555${String(2_000_000 + index)}`;
    customers.push({ index, id: `fault-${index}`, phone, waId: phone.slice(1), steps, stops });
  }
  return customers;
}

/** Customers for scenes that are played one by one: an order each, and nothing they write by themselves. */
export function planExtras(first, count) {
  return Array.from({ length: count }, (_, n) => {
    const index = first + n;
    const order = `FR-${900_000 + n}`;
    const phone = `+1555${String(2_000_000 + index)}`;
    const step = [{ kind: 'track', order, text: PHRASES[0](order) }];
    return { index, id: `fault-${index}`, phone, waId: phone.slice(1), steps: [step], stops: false };
  });
}

/** The files of `npm run import` for the customers and all their orders. */
export function importFiles(customers) {
  const price = { amount: '49.90', currency: 'EUR' };
  const placed = '2026-11-01T10:00:00Z';
  const ordersOf = ({ id, steps }) =>
    steps.flat().flatMap(({ kind, order }) => {
      if (kind !== 'track' && kind !== 'cancel') return [];
      const lines = [{ sku: 'SKU-FAULTS-1', quantity: 1, unit_price: price }];
      const shipped = {
        carrier: 'DHL',
        tracking_number: `T-${order}`,
        status: 'in_transit',
        estimated_delivery: inTenDays(),
      };
      const common = { number: order, customer_id: id, placed_at: placed, lines };
      return [
        kind === 'track' ? { ...common, status: 'shipped', shipments: [shipped] } : { ...common, status: 'processing' },
      ];
    });
  return {
    customers: customers.map(({ id, phone, index }) => {
      return { id, name: `Customer ${index}`, phone, language: 'en', time_zone: 'America/New_York' };
    }),
    products: [{ sku: 'SKU-FAULTS-1', name: 'Kettle', price, stock: 5 }],
    orders: customers.flatMap(ordersOf),
  };
}

const inTenDays = () => `${new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10)}T21:00:00Z`;

/** What Meta does to sends; each strikes a few. Codes: 190 stops the number, 131026 and 131047 are for ever. */
const GRAPH_FAULTS = [
  { name: 'timeout after acceptance', fault: { kind: 'timeout', accepted: true, delay_ms: 300, next: 3 } },
  { name: 'reset after acceptance', fault: { kind: 'reset', accepted: true, next: 2 } },
  { name: '5xx without acceptance', fault: { kind: 'http_error', http_status: 503, next: 2 } },
  { name: '5xx after acceptance', fault: { kind: 'http_error', http_status: 502, accepted: true, next: 2 } },
  { name: '130429', fault: { kind: 'graph_error', code: 130429, next: 1 } },
  { name: '131056', fault: { kind: 'graph_error', code: 131056, next: 2 } },
  { name: '131047', fault: { kind: 'graph_error', code: 131047, next: 2 } },
  { name: '131026', fault: { kind: 'graph_error', code: 131026, next: 2 } },
  { name: '131026 as a status', fault: { kind: 'failed_status', code: 131026, next: 2 } },
  { name: '190', fault: { kind: 'graph_error', code: 190, next: 1 } },
  { name: 'late answer', fault: { kind: 'delay', delay_ms: 3000, next: 3 } },
];

/** Places of opt-outs, templates, and sends that a restart found. */
const SELDOM = /^(consent-service|crm-bridge\.flags|gateway\.(early|partition))\./;

/** The second list strewn over the first half of the first. */
function mixed(dice, many, few) {
  const result = [...many];
  for (const event of few) result.splice(dice.between(0, Math.floor(many.length / 2)), 0, event);
  return result;
}

const CUT_AFTER_ACCEPTANCE = GRAPH_FAULTS.filter(({ name }) => /^(reset|5xx) after acceptance/.test(name));

/** Faults that bring a seeded bug to light: what the bug itself names, again and again, and answers that never come. */
export function planBugFaults(dice, fault) {
  const struck = (n) => {
    if (!fault) return [];
    if (fault.action !== 'kill')
      return n === 0 ? [{ kind: 'erp', name: 'delay', place: fault.place, plan: fault }] : [];
    return [{ kind: 'place', place: fault.place, nth: dice.between(1, 3) }];
  };
  return Array.from({ length: 12 }, (_, n) => n).flatMap((n) => {
    // Cut at once: a status that comes first would settle the send before anybody is in doubt.
    const { name, fault } = CUT_AFTER_ACCEPTANCE[n % CUT_AFTER_ACCEPTANCE.length];
    const unanswered = { kind: 'graph', name, fault };
    return [...struck(n), unanswered].map((event) => ({ ...event, gapMs: dice.between(300, 900) }));
  });
}

/**
 * The faults of a run, in their order: every process killed `kills` times, and between the kills everything else.
 * @param {{ processes: string[], proxies: string[], places: string[], troubles: object[], kills: number }} world
 */
export function planFaults(dice, { processes, proxies, places, troubles, kills }) {
  const times = (count, make) => Array.from({ length: count }, (_, n) => make(n));
  const some = Math.max(1, Math.round(kills / 5));
  // A short run takes a few of each kind, another seed others.
  const few = (events, most) => (kills < 5 ? dice.shuffled(events).slice(0, most) : events);
  const pauses = processes.flatMap((process) => {
    // Longer than the 5 s after which a member of a group counts as dead, now and then.
    return times(some, () => ({
      kind: 'pause',
      process,
      ms: dice.chance(0.3) ? dice.between(5500, 8000) : dice.between(500, 3000),
    }));
  });
  const links = proxies.flatMap((proxy) => [
    ...times(some, () => ({ kind: 'cut', proxy, ms: dice.pick([0, dice.between(300, 2000)]) })),
    ...times(some, () => ({ kind: 'slow', proxy, ms: dice.between(1000, 3000), delayMs: dice.between(20, 150) })),
  ]);
  const events = [
    ...processes.flatMap((process) => times(kills, () => ({ kind: 'kill', process }))),
    ...few(pauses, 4),
    ...few(links, 7),
    ...GRAPH_FAULTS.flatMap(({ name, fault }) =>
      times(Math.max(1, Math.round(kills / 2)), () => ({ kind: 'graph', name, fault })),
    ),
    ...troubles.flatMap((trouble) => times(some, () => ({ kind: 'erp', ...trouble }))),
    ...places.map((place) => ({ kind: 'place', place, nth: dice.between(1, 3) })),
  ];
  // What few messages pass is armed early, so that one of them does.
  const shuffled = dice.shuffled(events);
  const seldom = ({ place = '' }) => SELDOM.test(place);
  return [
    ...mixed(
      dice,
      shuffled.filter((event) => !seldom(event)),
      shuffled.filter(seldom),
    ),
  ].map((event) => ({ ...event, gapMs: dice.between(100, 600) }));
}
