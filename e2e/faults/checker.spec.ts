import { check } from './checker.mjs';
import type { HistoryRecord } from './checker.mjs';

const MAYA = '15552000001';
const START = 1_800_000_000_000;

const ask = (wamid: string, kind: string, order: string | undefined, at: number, more = {}): HistoryRecord[] => [
  { t: 'ask', at: START + at, wamid, waId: MAYA, kind, order, group: wamid, position: 0, ...more },
  { t: 'ack', at: START + at + 10, wamid },
];
let seq = 0;
const send = (sendId: string, text: string, at: number, more: Record<string, unknown> = {}): HistoryRecord => ({
  t: 'send',
  seq: (seq += 1),
  at: START + at,
  to: MAYA,
  sendId,
  type: 'text',
  text,
  buttons: [],
  result: { kind: 'accepted', accepted: true },
  ...more,
});
const arrives = (order: string) => `Your order ${order} will arrive on Thursday.`;
const entry = (direction: string, id: string): HistoryRecord =>
  direction === 'inbound'
    ? { t: 'entry', at: START, waId: MAYA, direction, wamid: id, messageId: id }
    : { t: 'entry', at: START, waId: MAYA, direction, wamid: '', messageId: id };
const evidence = (wamid: string): HistoryRecord => ({
  t: 'audit',
  at: START,
  waId: MAYA,
  action: 'message_recorded',
  ids: [wamid],
});
const recorded = (wamid: string, sendId: string): HistoryRecord[] => [
  entry('inbound', wamid),
  entry('outbound', sendId),
  evidence(wamid),
];
const verified: HistoryRecord = { t: 'audit-verified', at: START, problems: [] };
const timeout = { kind: 'timeout', accepted: true };

/** Two tracked orders, one cancellation, a call for a person and an opt-out, as they should go. */
function good(): HistoryRecord[] {
  seq = 0;
  return [
    { t: 'run', at: START, inDoubtMs: 15_000 },
    ...ask('m1', 'track', 'FR-1', 0),
    send('s1', arrives('FR-1'), 100),
    ...ask('m2', 'cancel', 'FR-2', 200),
    send('s2', 'Shall I cancel your order FR-2? This cannot be undone.', 300, { buttons: ['confirm:yes:1'] }),
    ...ask('m3', 'confirm', 'FR-2', 400),
    send('s3', 'Your order FR-2 has been cancelled.', 500),
    send('t1', 'hello_world', 550, { type: 'template' }),
    ...ask('m4', 'stop', undefined, 600),
    send('s4', 'You will not get any more messages from us unless you write to us.', 700),
    ...ask('m5', 'human', undefined, 800),
    send('s5', "I'm passing you on to a colleague, who will answer you here.", 900),
    ...['1', '2', '3', '4', '5'].flatMap((n) => recorded(`m${n}`, `s${n}`)),
    { t: 'order', at: START, order: 'FR-2', status: 'ORDER_STATUS_CANCELLED' },
    { t: 'cancelled', at: START, order: 'FR-2', times: 1 },
    { t: 'erp-refusals', at: START, times: 0 },
    { t: 'ticket', at: START, waId: MAYA, id: 'ticket-1', reason: 'requested' },
    { t: 'consent', at: START, waId: MAYA, allowed: false, reason: 'withdrawn' },
    verified,
  ];
}

/** Names of the checks that are red. */
const red = (records: HistoryRecord[]) =>
  check(records).rows.flatMap(({ check: name, bad }) => (bad > 0 ? [name] : []));
const without = (records: HistoryRecord[], match: (record: HistoryRecord) => boolean) =>
  records.filter((record) => !match(record));
const change = (match: (record: HistoryRecord) => boolean, more: Record<string, unknown>) =>
  good().map((record) => (match(record) ? { ...record, ...more } : record));
const is = (t: string, id: string) => (record: HistoryRecord) =>
  record.t === t && [record['wamid'], record['sendId'], record['messageId'], record['order']].includes(id);

describe('the history checker', () => {
  it('is content with a history in which everything went well', () => {
    const verdict = check(good());
    expect(verdict.violations).toEqual([]);
    expect(verdict.green).toBe(true);
    const idle = verdict.rows.flatMap(({ check: name, looked }) => (looked > 0 ? [] : [name]));
    expect(idle).toEqual(['no retry of a permanent error']);
  });

  it('sees a message that was lost', () => {
    expect(red(without(good(), is('send', 's1')))).toEqual(['every message one answer']);
  });

  it('sees a message that was never acknowledged', () => {
    expect(red(without(good(), is('ack', 'm1')))).toContain('every message one answer');
  });

  it('sees an answer that was decided twice', () => {
    expect(red([...good(), send('s1-again', arrives('FR-1'), 950), entry('outbound', 's1-again')])).toContain(
      'every message one answer',
    );
  });

  it('sees a send that went again although it had been answered', () => {
    expect(red([...good(), send('s5', "I'm passing you on to a colleague", 950)])).toEqual([
      'every message one answer',
    ]);
  });

  it('sees a second copy after a time-out whose statuses came', () => {
    const pair = change(is('send', 's5'), { result: timeout });
    const again = send('s5', "I'm passing you on to a colleague", 20_000);
    expect(red([...pair, again])).toEqual(['every message one answer']);
  });

  it('counts a second copy apart when a kill hid what became of the first for the whole wait, and only then', () => {
    const again = (at: number) => send('s5', "I'm passing you on to a colleague", at);
    const kill = (process: string, at: number): HistoryRecord => ({
      t: 'fault',
      at: START + at,
      until: START + at + 2000,
      kind: 'kill',
      process,
    });
    expect(check([...good(), kill('gateway', 950), again(16_000)]).apart['in-doubt pairs']).toBe(1);
    expect(red([...good(), kill('gateway', 950), again(3000)])).toEqual(['every message one answer']);
    expect(red([...good(), kill('crm-bridge', 950), again(16_000)])).toEqual(['every message one answer']);
    expect(red([...good(), kill('gateway', 60_000), again(16_000)])).toEqual(['every message one answer']);
  });

  it('sees a third copy whatever happened', () => {
    const text = "I'm passing you on to a colleague";
    const kill = { t: 'fault', at: START, until: START + 60_000, kind: 'kill', process: 'gateway' };
    expect(red([...good(), kill, send('s5', text, 20_000), send('s5', text, 40_000)])).toContain(
      'every message one answer',
    );
  });

  it('sees a send nobody asked for', () => {
    expect(red([...good(), send('s9', 'Hello!', 950)])).toEqual(['every message one answer']);
  });

  it('takes a permanent refusal for an outcome, and its repetition for a fault', () => {
    const refused = change(is('send', 's5'), { result: { kind: 'error', accepted: false, code: 131026 } });
    expect(check(refused).apart['refused for good']).toBe(1);
    expect(red(refused)).toEqual([]);
    const again = send('s5', "I'm passing you on to a colleague", 5000);
    expect(red([...refused, again])).toEqual(['no retry of a permanent error']);
  });

  it('counts a repetition apart when the sender died before it could write the refusal down', () => {
    const refused = change(is('send', 's5'), { result: { kind: 'error', accepted: false, code: 131026 } });
    const kill = { t: 'fault', at: START + 950, until: START + 2000, kind: 'place', place: 'gateway.result.appended' };
    const again = (at: number) => send('s5', "I'm passing you on to a colleague", at);
    expect(check([...refused, kill, again(16_000)]).apart['refusals nobody lived to hear']).toBe(1);
    expect(red([...refused, kill, again(3000)])).toEqual(['no retry of a permanent error']);
  });

  it('sees a number that goes on right after its token was refused', () => {
    const refused = change(is('send', 's5'), { result: { kind: 'error', accepted: false, code: 190 } });
    const text = "I'm passing you on to a colleague";
    expect(red([...refused, send('s5', text, 6000)])).toEqual([]);
    expect(red([...refused, send('s5', text, 1000)])).toEqual(['no retry of a permanent error']);
    const other = send('t2', 'hello_world', 920, { type: 'template' });
    expect(red([...refused, other, send('s5', text, 1700)])).toEqual(['no retry of a permanent error']);
  });

  it('sees a wrong answer', () => {
    expect(red(change(is('send', 's3'), { text: 'Your order FR-2 is cancelled already.' }))).toEqual([
      'the right answer',
    ]);
  });

  it.each([
    ['missing', without(good(), is('entry', 'm1'))],
    ['doubled', [...good(), entry('inbound', 'm1')]],
    ['missing for an answer', without(good(), is('entry', 's1'))],
    ['doubled for an answer', [...good(), entry('outbound', 's1')]],
  ])('sees a CRM entry that is %s', (_what, records) => {
    expect(red(records)).toEqual(['one CRM entry per message and answer']);
  });

  it.each([
    ['did not happen', change(is('order', 'FR-2'), { status: 'ORDER_STATUS_PROCESSING' })],
    ['happened twice', change(is('cancelled', 'FR-2'), { times: 2 })],
    ['was tried under another key', change(({ t }) => t === 'erp-refusals', { times: 1 })],
    [
      'nobody confirmed',
      [
        ...good(),
        { t: 'order', at: START, order: 'FR-3', status: 'ORDER_STATUS_CANCELLED' },
        { t: 'cancelled', at: START, order: 'FR-3', times: 1 },
      ],
    ],
  ])('sees a cancellation that %s', (_what, records) => {
    expect(red(records)).toEqual(['one ERP effect per confirmed write']);
  });

  it('sees a ticket that is missing, doubled or unasked', () => {
    const ticket = (reason: string): HistoryRecord => ({ t: 'ticket', at: START, waId: MAYA, id: 'ticket-2', reason });
    const name = ['one ticket per call for a person, one task per key'];
    expect(red(without(good(), ({ t }) => t === 'ticket'))).toEqual(name);
    expect(red([...good(), ticket('requested')])).toEqual(name);
    expect(red([...good(), ticket('erp-unavailable')])).toEqual(name);
  });

  it('sees answers out of order, of one webhook and of two', () => {
    const swapped = good().map((record) => {
      if (is('send', 's1')(record)) return { ...record, seq: 100 };
      return record;
    });
    expect(red(swapped)).toEqual(['order per customer kept']);
    seq = 0;
    const together = [
      ...ask('a', 'track', 'FR-1', 0, { group: 'a', position: 0 }),
      ...ask('b', 'track', 'FR-2', 0, { group: 'a', position: 1 }),
      send('sb', arrives('FR-2'), 50),
      send('sa', arrives('FR-1'), 60),
      ...recorded('a', 'sa'),
      ...recorded('b', 'sb'),
      verified,
    ];
    expect(red(together)).toEqual(['order per customer kept']);
  });

  it('does not ask for an order of messages that were on their way together', () => {
    seq = 0;
    const records = [
      ...ask('a', 'track', 'FR-1', 0),
      ...ask('b', 'track', 'FR-2', 5),
      send('sb', arrives('FR-2'), 50),
      send('sa', arrives('FR-1'), 60),
      ...recorded('a', 'sa'),
      ...recorded('b', 'sb'),
      verified,
    ];
    expect(red(records)).toEqual([]);
  });

  it('sees business-initiated messages after an opt-out, and an opt-out that is not in the ledger', () => {
    const name = ['nothing business-initiated after an opt-out'];
    expect(red([...good(), send('t2', 'hello_world', 6000, { type: 'template' })])).toEqual(name);
    expect(red([...good(), send('t2', 'hello_world', 3000, { type: 'template' })])).toEqual([]);
    expect(red(change(({ t }) => t === 'consent', { allowed: true, reason: 'no-entry' }))).toEqual(name);
  });

  it('sees the pair limit broken, by its own count and by what Meta said', () => {
    seq = 0;
    const many = (everyMs: number): HistoryRecord[] =>
      Array.from({ length: 50 }, (_, n) => send(`t${n}`, 'hello_world', n * everyMs, { type: 'template' }));
    const name = ['pair and number limits never broken'];
    expect(red([...many(100), verified])).toEqual(name);
    expect(red([...many(6000), verified])).toEqual([]);
    const told = send('t1', 'hello_world', 0, {
      type: 'template',
      result: { kind: 'error', accepted: false, code: 131056 },
    });
    expect(red([told, verified])).toEqual(name);
    const injected = { t: 'fault', at: START, until: START, kind: 'graph', fault: { code: 131056, next: 1 } };
    expect(red([told, injected, verified])).toEqual([]);
  });

  it('sees gaps and doubles in the audit trail, and a chain that does not verify', () => {
    const name = ['audit trail complete and intact'];
    expect(
      red(
        without(good(), is('audit', 'm1')).filter(
          (record) => !(record.t === 'audit' && (record['ids'] as string[])[0] === 'm1'),
        ),
      ),
    ).toEqual(name);
    expect(red([...good(), evidence('m1')])).toEqual(name);
    expect(red(change(({ t }) => t === 'audit-verified', { problems: ['changed'] }))).toEqual(name);
  });
});
