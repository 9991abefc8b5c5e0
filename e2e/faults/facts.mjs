// What a history says, sorted for the checks: messages with the sends that answer them, and everything else by customer.

/** Meta will never take these; asking again is against its rules. */
export const PERMANENT = new Set([131026, 131047, 131049, 131050, 131051, 132000, 132001, 100, 131008, 131009]);
/** Answers that leave open whether the message went out. */
const SILENT = new Set(['timeout', 'reset', 'http_error']);

/** Which question a text answers: each order is asked about once in each way. */
function keyOfSend({ text, buttons, to }) {
  const [order] = /FR-\d+/.exec(text) ?? [];
  if (order) return `${order}/${buttons.length > 0 ? 'question' : 'statement'}`;
  const [, note] = /note (FA-\d+)/.exec(text) ?? [];
  if (note) return `${note}/statement`;
  if (/passing you on to a colleague/.test(text)) return `${to}/human`;
  if (/not get any more messages/.test(text)) return `${to}/stop`;
  return undefined;
}

function keyOfAsk({ kind, order, waId }) {
  if (kind === 'cancel') return `${order}/question`;
  return order ? `${order}/statement` : `${waId}/${kind}`;
}

function grouped(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
}

/** Whether the answer to a POST says nothing about what became of the message. */
export const isSilent = ({ result }) => SILENT.has(result.kind);

/** @param {object[]} records a history */
export function factsOf(records) {
  const of = (t) => records.filter((record) => record.t === t);
  const sends = of('send').sort((a, b) => a.seq - b.seq);
  const replies = sends.filter(({ type }) => type !== 'template');
  const bySendKey = grouped(replies, keyOfSend);
  const acks = new Map(of('ack').map(({ wamid, at }) => [wamid, at]));
  const messages = of('ask').map((ask) => ({
    ...ask,
    key: keyOfAsk(ask),
    ackedAt: acks.get(ask.wamid),
    sends: bySendKey.get(keyOfAsk(ask)) ?? [],
  }));
  const keys = new Set(messages.map(({ key }) => key));
  return {
    inDoubtMs: of('run')[0]?.inDoubtMs ?? 60_000,
    sends,
    replies,
    messages,
    strangers: replies.filter((send) => !keys.has(keyOfSend(send))),
    templates: sends.filter(({ type }) => type === 'template'),
    byCustomer: grouped(messages, ({ waId }) => waId),
    faults: of('fault'),
    entries: grouped(of('entry'), ({ waId }) => waId),
    tickets: grouped(of('ticket'), ({ waId }) => waId),
    orders: new Map(of('order').map(({ order, status }) => [order, status])),
    cancelled: new Map(of('cancelled').map(({ order, times }) => [order, times])),
    refusals: of('erp-refusals')[0]?.times ?? 0,
    audit: grouped(of('audit'), ({ waId }) => waId),
    auditVerified: of('audit-verified').at(-1),
    tasksAsked: of('task-asked'),
    tasks: grouped(of('task'), ({ waId }) => waId),
    consents: new Map(of('consent').map(({ waId, ...rest }) => [waId, rest])),
  };
}
