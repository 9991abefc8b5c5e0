// What a fault run prints when it is over.
import { recoveryTable } from './recovery.mjs';

const SHOWN = 20;

/** The verdict: a row for each check, and the first violations in full. */
export function printVerdict({ green, rows, violations, apart }) {
  console.table(rows);
  for (const violation of violations.slice(0, SHOWN)) console.log(JSON.stringify(violation));
  if (violations.length > SHOWN) console.log(`... and ${violations.length - SHOWN} more`);
  console.log(
    `counted apart: ${Object.entries(apart)
      .map(([what, count]) => `${count} ${what}`)
      .join(', ')}`,
  );
  const bad = rows.reduce((sum, row) => sum + row.bad, 0);
  console.log(green ? 'VERDICT: green' : `VERDICT: RED, ${bad} violations`);
}

/** Seed, counts, recovery, verdict. */
export function printRun(result) {
  const { seed, bus, messages, customers, seconds, faults, deliveries, historyFile } = result;
  console.log(`seed ${seed}, bus ${bus}: ${messages} messages of ${customers} customers in ${seconds} s`);
  console.log(
    `webhooks: ${deliveries.webhooks} with ${deliveries.items} items, ${deliveries.copies} copies, ${deliveries.replayed} replayed at the end, ${deliveries.retries} retried after no 200`,
  );
  console.log('faults injected:');
  console.table(faults);
  printPlaces(result.places);
  const alone = recoveryTable(result.records);
  if (Object.keys(alone).length > 0) {
    console.log('recovery with nothing else going wrong, milliseconds:');
    console.table(alone);
  }
  console.log('after the kills among all other faults, milliseconds (median / worst):');
  console.table(recovery(result.records));
  printVerdict(result);
  console.log(`history: ${historyFile}`);
}

function printPlaces({ killed, notReached, strikes }) {
  console.log(`places where a process was killed: ${killed.length} (${strikes.length} strikes)`);
  if (notReached.length > 0) console.log(`places that were armed and never passed: ${notReached.join(', ')}`);
}

/** For each process: how long it was away, and how soon the first reply arrived after it was back. */
export function recovery(records) {
  const sends = records.filter(({ t, result }) => t === 'send' && result.accepted);
  const kills = records.filter(({ t, kind, startedAt }) => t === 'fault' && kind === 'kill' && startedAt);
  const table = {};
  for (const process of [...new Set(kills.map((kill) => kill.process))].sort()) {
    const mine = kills.filter((kill) => kill.process === process);
    const first = (from) => sends.find(({ at }) => at >= from)?.at;
    const spread = (values) => {
      const known = values.filter((value) => value !== undefined && !Number.isNaN(value)).sort((a, b) => a - b);
      return known.length === 0 ? '-' : `${known[Math.floor(known.length / 2)]} / ${known.at(-1)}`;
    };
    table[process] = {
      kills: mine.length,
      'kill to started again': spread(mine.map(({ killedAt, startedAt }) => startedAt - killedAt)),
      'kill to ready': spread(mine.map(({ killedAt, readyAt }) => readyAt - killedAt)),
      'back to first reply': spread(mine.map(({ startedAt }) => first(startedAt) - startedAt)),
    };
  }
  return table;
}
