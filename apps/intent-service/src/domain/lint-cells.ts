import type { Finding, Row } from './lint-finding.js';

/** What a conversation with a shop is mostly about. */
const CORE = [
  'track_order',
  'delivery_period',
  'cancel_order',
  'change_order',
  'change_address',
  'return_item',
  'refund_request',
  'check_stock',
  'invoice_request',
  'payment_issue',
  'talk_to_human',
  'opt_out',
];
const LANGUAGES = ['en', 'es', 'pt', 'fr', 'de', 'ar', 'hi', 'hi-Latn', 'id'];
/** Utterances of a core intent in one of the languages above, and of all that is out of scope. */
const ENOUGH = 100;
const ENOUGH_OUT_OF_SCOPE = 2500;
/** Languages that are learned beside the others, and intents that are rarer, are said to be thin below this. */
const ENOUGH_ELSEWHERE = 40;

interface Cell {
  name: string;
  count: number;
}

/** Intents of a language with too few utterances to be learned. */
export function thinCells(rows: readonly Row[]): Finding[] {
  const counts = new Map<string, number>();
  for (const { language, intent } of rows) {
    for (const cell of [`${language} ${intent}`, intent]) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  const core = new Set(LANGUAGES.flatMap((language) => CORE.map((intent) => `${language} ${intent}`)));
  const cell = (name: string): Cell => ({ name, count: counts.get(name) ?? 0 });
  const thin = [...core].map(cell).filter(({ count }) => count < ENOUGH);
  const outOfScope = cell('oos').count < ENOUGH_OUT_OF_SCOPE ? [cell('oos')] : [];
  const others = [...counts.keys()].filter((name) => name.includes(' ') && !core.has(name)).map(cell);
  return [
    finding(`core intents with fewer than ${ENOUGH}`, true, [...thin, ...outOfScope]),
    finding(
      `others with fewer than ${ENOUGH_ELSEWHERE}`,
      false,
      others.filter(({ count }) => count < ENOUGH_ELSEWHERE),
    ),
  ];
}

function finding(check: string, hard: boolean, cells: readonly Cell[]): Finding {
  const worst = [...cells].sort((a, b) => a.count - b.count).map(({ name, count }) => `${count}  ${name}`);
  return { check, hard, count: cells.length, worst };
}
