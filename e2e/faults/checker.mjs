// Decides by a history alone whether a run was good. Shares no code with the services, the driver or the simulator.
import { factsOf, isSilent, PERMANENT } from './facts.mjs';

/** How far apart a fault and what it does to a send may be: the gateway waits ten seconds for an answer. */
const FAULT_REACH_MS = 15_000;
/** An opt-out is in force everywhere within this. */
const OPT_OUT_MS = 5000;
/** A number that Meta has stopped is tried again after this at the earliest (5 s, less what clocks differ). */
const STOPPED_MS = 4000;
/** Timers are not exact. */
const DOUBT_SLACK_MS = 500;
const PAIR_BURST = 45;
const PAIR_MS = 6000;
/** Two clocks and a network lie between the gateway's reckoning and Meta's. */
const PAIR_SLACK_MS = 50;

/**
 * @param {object[]} records
 * @returns {{ green: boolean, rows: { check: string, looked: number, bad: number, verdict: string }[], violations: object[], apart: object }}
 */
export function check(records) {
  const facts = factsOf(records);
  const violations = [];
  const rows = [];
  const apart = {
    'in-doubt pairs': 0,
    'refused for good': 0,
    'handed to a person': 0,
    'after a hand-off': 0,
    'poison handed to a person': 0,
    'refusals nobody lived to hear': 0,
  };
  for (const [name, work] of CHECKS) {
    const before = violations.length;
    const looked = work(facts, (violation) => violations.push({ check: name, ...violation }), apart);
    const bad = violations.length - before;
    rows.push({ check: name, looked, bad, verdict: bad === 0 ? 'green' : 'RED' });
  }
  return { green: violations.length === 0, rows, violations, apart };
}

/** Whether a fault may have hidden from the gateway, until it sent again, what became of a POST. */
function hidden(first, second, faults) {
  return faults.some(({ kind, process = '', proxy = '', place = '', at, until, failed }) => {
    const near = !failed && at <= second.at && until >= first.at - FAULT_REACH_MS;
    if (!near) return false;
    if (kind === 'kill' || kind === 'pause') return /^(gateway|postgres|kafka)/.test(process);
    if (kind === 'cut' || kind === 'slow') return /gateway|kafka/.test(proxy);
    return kind === 'place' && /^(gateway|event-bus|postgres)\./.test(place);
  });
}

/** Whether the gateway may not have heard of a POST when it sent again: a fault was in the way, and it waited as long as it must. */
const unheard = (first, second, { faults, inDoubtMs }) =>
  second.at - first.at >= inDoubtMs - DOUBT_SLACK_MS && hidden(first, second, faults);

/** Messages written after the bot had given the conversation away answer to a person. */
function withPerson(facts, message) {
  const given = (facts.tickets.get(message.waId) ?? []).some(({ reason }) => reason === 'failed');
  if (!given) return false;
  const before = (facts.byCustomer.get(message.waId) ?? []).filter(({ at }) => at < message.at);
  return before.some(({ sends }) => lostForGood(sends));
}

/** Posted at least twice without a word from Meta that would tell: then it is a person's. */
const lostForGood = (sends) => sends.length >= 2 && sends.every((send) => isSilent(send) && !send.result.accepted);

function answers(facts, bad, apart) {
  for (const message of facts.messages) {
    const { wamid, kind, order, waId, sends } = message;
    const tell = (what) =>
      bad({
        what,
        wamid,
        kind,
        order,
        waId,
        posts: sends.map(({ seq, result }) => `${seq}:${result.kind}${result.code ?? ''}`),
      });
    if (message.ackedAt === undefined) tell('never acknowledged');
    else if (kind === 'poison') {
      if (sends.length > 0) tell('answered, though nobody could handle it');
      else apart['poison handed to a person'] += 1;
    } else if (sends.length === 0) {
      if (withPerson(facts, message)) apart['after a hand-off'] += 1;
      else tell('lost: no answer');
    } else judgeSends(message, facts, tell, apart);
  }
  for (const { seq, to, text } of facts.strangers) bad({ what: 'a send nobody asked for', seq, waId: to, text });
  return facts.messages.length;
}

function judgeSends({ sends }, facts, tell, apart) {
  const ids = new Set(sends.map(({ sendId }) => sendId));
  const accepted = sends.filter(({ result }) => result.accepted);
  const last = sends.at(-1);
  if (ids.size > 1) tell('doubled: answered under two send ids');
  else if (accepted.length > 2) tell(`doubled: arrived ${accepted.length} times`);
  else if (accepted.length === 2) {
    const [first, second] = accepted;
    // Meta told what became of the first copy; only a fault on the way of that, and the whole wait, excuse the second.
    if (unheard(first, second, facts)) apart['in-doubt pairs'] += 1;
    else tell(`doubled: sent again after ${second.at - first.at} ms although its outcome could be known`);
  } else if (accepted.length === 0) {
    if (PERMANENT.has(last.result.code)) apart['refused for good'] += 1;
    else if (lostForGood(sends)) apart['handed to a person'] += 1;
    else tell('lost: no answer arrived');
  }
}

const RIGHT_TEXT = {
  track: /will arrive/,
  cancel: /Shall I cancel/,
  confirm: /has been cancelled/,
  human: /colleague/,
  stop: /not get any more messages/,
  agent: /An agent looks after/,
  poison: /never/,
};

function contents(facts, bad) {
  for (const { kind, order, wamid, sends } of facts.messages) {
    const wrong = sends.find(({ text }) => !RIGHT_TEXT[kind].test(text));
    if (wrong) bad({ what: 'a wrong answer', wamid, kind, order, text: wrong.text });
  }
  return facts.messages.length;
}

function crmEntries(facts, bad) {
  let looked = 0;
  for (const [waId, messages] of facts.byCustomer) {
    const entries = facts.entries.get(waId) ?? [];
    const times = (match) => entries.filter(match).length;
    for (const { wamid, kind, sends } of messages) {
      looked += 1;
      const expected = kind === 'agent' ? 0 : 1;
      const inbound = times((entry) => entry.direction === 'inbound' && entry.wamid === wamid);
      if (inbound !== expected) bad({ what: `${inbound} CRM entries of a message`, wamid, kind, waId });
      for (const sendId of new Set(sends.map((send) => send.sendId))) {
        const outbound = times((entry) => entry.direction === 'outbound' && entry.messageId === sendId);
        if (outbound !== 1) bad({ what: `${outbound} CRM entries of an answer`, sendId, kind, waId });
      }
    }
    const inbound = times(({ direction }) => direction === 'inbound');
    if (inbound > messages.length) bad({ what: `${inbound} CRM entries for ${messages.length} messages`, waId });
  }
  return looked;
}

function erpEffects(facts, bad) {
  const confirmed = new Set(facts.messages.flatMap(({ kind, order }) => (kind === 'confirm' ? [order] : [])));
  for (const [order, status] of facts.orders) {
    const times = facts.cancelled.get(order) ?? 0;
    const done = /CANCELLED$/.test(status);
    if (confirmed.has(order) && (!done || times !== 1))
      bad({ what: `a cancellation took effect ${times} times`, order, status });
    if (!confirmed.has(order) && (done || times > 0))
      bad({ what: 'an order was cancelled without a yes', order, status });
  }
  for (const order of confirmed) if (!facts.orders.has(order)) bad({ what: 'an order was not read', order });
  if (facts.refusals > 0)
    bad({ what: `the ERP refused ${facts.refusals} writes: something was done again under another key` });
  return confirmed.size;
}

function tickets(facts, bad) {
  let looked = facts.tasksAsked.length;
  for (const { waId, subject } of facts.tasksAsked) {
    const found = (facts.tasks.get(waId) ?? []).filter((task) => task.subject === subject).length;
    if (found !== 1) bad({ what: `${found} tasks for one that was asked for twice with one key`, waId });
  }
  for (const [waId, messages] of facts.byCustomer) {
    const asked = messages.filter(({ kind }) => kind === 'human').length;
    const found = (facts.tickets.get(waId) ?? []).filter(({ reason }) => reason === 'requested').length;
    const lost = messages.some((message) => withPerson(facts, message));
    const excused = lost && found === 0;
    looked += asked;
    if (found !== asked && !excused) bad({ what: `${found} tickets for ${asked} calls for a person`, waId });
    const others = (facts.tickets.get(waId) ?? []).filter(({ reason }) => reason !== 'requested');
    const poisoned = messages.filter(({ kind }) => kind === 'poison').length;
    const handed = poisoned + messages.filter(({ sends }) => lostForGood(sends)).length;
    if (others.length < poisoned) bad({ what: 'nobody was told of a message that could not be handled', waId });
    if (others.length > handed)
      bad({ what: `a ticket nobody asked for: ${others.map(({ reason }) => reason).join(', ')}`, waId });
  }
  return looked;
}

/** What was acknowledged before the next was written, or stood before it in the same webhook, is answered before it. */
function order(facts, bad) {
  let looked = 0;
  for (const [waId, messages] of facts.byCustomer) {
    const answered = messages.filter(({ sends }) => sends.length > 0);
    for (const a of answered) {
      for (const b of answered) {
        const before = a.group === b.group ? a.position < b.position : (a.ackedAt ?? Infinity) < b.at;
        if (a === b || !before) continue;
        looked += 1;
        if (a.sends.at(-1).seq > b.sends[0].seq)
          bad({ what: 'answered out of order', waId, first: a.key, second: b.key });
      }
    }
  }
  return looked;
}

function optOuts(facts, bad) {
  const stops = facts.messages.filter(({ kind }) => kind === 'stop');
  const stopped = new Map(stops.map(({ waId, ackedAt }) => [waId, ackedAt]));
  for (const { to, at, seq } of facts.templates) {
    const since = stopped.get(to);
    if (since !== undefined && at > since + OPT_OUT_MS)
      bad({ what: 'business wrote after an opt-out', waId: to, seq, ms: at - since });
  }
  for (const { waId } of stops) {
    const consent = facts.consents.get(waId);
    if (!consent || consent.allowed || consent.reason !== 'withdrawn')
      bad({ what: 'an opt-out is not in the ledger', waId });
  }
  return stops.length + facts.templates.length;
}

function permanent(facts, bad, apart) {
  let looked = 0;
  const posts = new Map();
  for (const send of facts.sends) {
    const { seq, sendId } = send;
    for (const earlier of posts.get(sendId) ?? []) {
      const { code } = earlier.result;
      // Whatever else got through: it may have been on its way before, and only who asked again after a pause knows.
      if (code === 190 && send.at - earlier.at < STOPPED_MS) bad({ what: 'sent again at once after 190', seq, sendId });
      if (!PERMANENT.has(code)) continue;
      // Who died before Meta's no was written down is in doubt like after any POST, and no status ever comes.
      if (unheard(earlier, send, facts)) apart['refusals nobody lived to hear'] += 1;
      else bad({ what: `sent again after ${code}`, seq, sendId });
    }
    if (PERMANENT.has(send.result.code) || send.result.code === 190) looked += 1;
    posts.set(sendId, [...(posts.get(sendId) ?? []), send]);
  }
  return looked;
}

/** The bucket as Meta describes it, filled by what Meta took; and Meta's own word, beyond what was put in its mouth. */
function pairLimit(facts, bad) {
  const fullAt = new Map();
  for (const { to, at, seq, result } of facts.sends.filter((send) => send.result.accepted)) {
    const full = Math.max(fullAt.get(to) ?? 0, at);
    if (full - (PAIR_BURST - 1) * PAIR_MS > at + PAIR_SLACK_MS)
      bad({ what: 'the pair limit was broken', waId: to, seq, result: result.kind });
    fullAt.set(to, full + PAIR_MS);
  }
  for (const code of [131056, 130429]) {
    const told = facts.sends.filter(({ result }) => result.code === code).length;
    const ours = facts.faults.filter(({ fault }) => fault?.code === code);
    const injected = ours.reduce((sum, { fault }) => sum + fault.next, 0);
    if (told > injected) bad({ what: `Meta said ${code} ${told} times, ${injected} of them injected` });
  }
  return facts.sends.length;
}

function evidence(facts, bad) {
  for (const [waId, messages] of facts.byCustomer) {
    const trail = facts.audit.get(waId) ?? [];
    const times = new Map();
    for (const { action, ids } of trail)
      if (action === 'message_recorded') for (const id of ids) times.set(id, (times.get(id) ?? 0) + 1);
    for (const { wamid } of messages.filter(({ kind }) => kind !== 'agent')) {
      const found = times.get(wamid) ?? 0;
      if (found !== 1) bad({ what: `${found} audit entries of a message`, wamid, waId });
    }
  }
  const { problems = ['not verified'] } = facts.auditVerified ?? {};
  if (problems.length > 0) bad({ what: `the hash chain does not verify: ${[...new Set(problems)].join(', ')}` });
  return facts.messages.length;
}

const CHECKS = [
  ['every message one answer', answers],
  ['the right answer', contents],
  ['one CRM entry per message and answer', crmEntries],
  ['one ERP effect per confirmed write', erpEffects],
  ['one ticket per call for a person, one task per key', tickets],
  ['order per customer kept', order],
  ['nothing business-initiated after an opt-out', optOuts],
  ['no retry of a permanent error', permanent],
  ['pair and number limits never broken', pairLimit],
  ['audit trail complete and intact', evidence],
];
