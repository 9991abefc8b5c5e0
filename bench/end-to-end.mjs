// Webhook in to Graph POST out under an open-loop load: latency at fixed rates, then the highest rate that is held.
import { bus, busesOf, number, numbers } from './support/options.mjs';
import { highestRate, isSteady } from './support/search.mjs';
import { onStage } from './support/stage.mjs';

export const help =
  'webhook in to Graph POST out: latency at fixed rates, and the highest rate held with a steady backlog';
export const options = {
  bus,
  rates: numbers([80, 200], 'messages a second, each for --seconds'),
  seconds: number(15, 'length of a window at a fixed rate'),
  step: number(10, 'length of a window of the search'),
  hold: number(60, 'length of the last window, at the highest rate; 0 leaves the search out'),
  from: number(100, 'first rate of the search'),
  most: number(4000, 'last rate of the search'),
  statuses: number(2, 'statuses that Meta reports for each reply'),
};
export const notes = [
  'Floors: 80/s p50 80 ms, p99 300 ms; 500/s held for 60 s. Aims: 80/s p50 25 ms, p99 90 ms; 2,500/s held.',
  'Latency in milliseconds from the moment a message was due, so a system that stalls is charged for what waits. Customers, Graph stand-in, database, broker and all services share the machine.',
  'WHATSAPP_MESSAGES_PER_SECOND=1000 per number, three numbers; 20,000 customers with an order each; each reply is followed by webhooks with its statuses.',
  'Held: nothing refused or lost, the backlog does not grow by more than 2 percent of the rate and stays under two seconds.',
];

function rowOf(engine, what, result) {
  const { p50, p99, 'p99.9': p999, max, count } = result.replies;
  const lost = result.unanswered;
  return {
    ...{
      bus: engine,
      what,
      'rate/s': result.rate,
      seconds: result.seconds,
      replies: count,
      p50,
      p99,
      'p99.9': p999,
      max,
    },
    'intake p99': result.intake.p99,
    refused: result.refused,
    unanswered: lost,
    twice: result.uncalled,
    steady: isSteady(result) ? 'yes' : 'no',
  };
}

/** Offers a rate; after one that is too high everything has to be answered before the next, or it would pay for this one. */
async function attempt(customers, rate, seconds, say) {
  const result = await customers.offer({ rate, seconds, warmUp: seconds / 5, drain: 5 });
  const steady = isSteady(result);
  const { p50, p99 } = result.replies;
  say(`  ${rate}/s for ${seconds} s: ${steady ? 'held' : 'not held'}, p50 ${p50} p99 ${p99} ms`);
  if (!steady) await customers.drain(90);
  await customers.forget();
  return { ...result, steady };
}

async function search(customers, chosen, say) {
  const holds = async (rate) => (await attempt(customers, rate, chosen.step, say)).steady;
  let rate = await highestRate({ from: chosen.from, most: chosen.most, holds });
  // A long window may show what a short one hides: then a tenth less, at most three times.
  for (let tries = 0; rate > 0; tries += 1) {
    const result = await attempt(customers, rate, chosen.hold, say);
    if (result.steady || tries === 2) return result;
    rate = Math.floor(rate * 0.9);
  }
  return undefined;
}

export async function run(chosen, say) {
  const rows = [];
  for (const engine of busesOf(chosen)) {
    await onStage({ bus: engine, statuses: chosen.statuses }, async ({ customers }) => {
      for (const rate of chosen.rates) {
        rows.push(rowOf(engine, 'fixed rate', await attempt(customers, rate, chosen.seconds, say)));
      }
      const highest = chosen.hold > 0 ? await search(customers, chosen, say) : undefined;
      if (highest) rows.push(rowOf(engine, 'highest held', highest));
    });
  }
  return rows;
}
