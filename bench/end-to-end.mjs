// Webhook in to Graph POST out under an open-loop load: latency at fixed rates, then the highest rate that is held.
import { attempt, searchHeld } from './support/held.mjs';
import { bus, busesOf, number, numbers } from './support/options.mjs';
import { onStage } from './support/stage.mjs';

export const help =
  'webhook in to Graph POST out: latency at fixed rates, and the highest rate held with a steady backlog';
export const options = {
  bus,
  rates: numbers([80, 200], 'messages a second, each for --seconds'),
  seconds: number(15, 'length of a window at a fixed rate'),
  step: number(10, 'length of a window of the search'),
  hold: number(60, 'length of the last window, at the highest rate; 0 leaves the search out'),
  from: number(50, 'first rate of the search'),
  most: number(4000, 'last rate of the search'),
  customers: number(20_000, 'people who write, in turn'),
  warmUp: number(8, 'seconds of 50/s before the first window'),
  statuses: number(2, 'statuses that Meta reports for each reply'),
};
export const notes = [
  'Floors: 80/s p50 80 ms, p99 300 ms; 500/s held for 60 s. Aims: 80/s p50 25 ms, p99 90 ms; 2,500/s held.',
  'Latency in milliseconds from the moment a message was due, so a system that stalls is charged for what waits. Customers, Graph stand-in, database, broker and all services share the machine.',
  'WHATSAPP_MESSAGES_PER_SECOND=1000 per number, three numbers; customers with an order each, and enough of them that the limit of one message per six seconds never binds; each reply is followed by webhooks with its statuses.',
  'Held: nothing refused or lost, the backlog does not grow by more than 2 percent of the rate (beyond two standard errors) and stays under two seconds.',
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
    steady: result.steady ? 'yes' : 'no',
  };
}

export async function run(chosen, say) {
  const rows = [];
  for (const engine of busesOf(chosen)) {
    const { statuses, customers: count, warmUp } = chosen;
    await onStage(
      { bus: engine, statuses, customers: count, warmUp: { rate: 50, seconds: warmUp } },
      async ({ customers }) => {
        for (const rate of chosen.rates) {
          rows.push(rowOf(engine, 'fixed rate', await attempt(customers, rate, chosen.seconds, say)));
        }
        const highest = chosen.hold > 0 ? await searchHeld(customers, chosen, say) : undefined;
        if (highest) rows.push(rowOf(engine, 'highest held', highest));
      },
    );
  }
  return rows;
}
