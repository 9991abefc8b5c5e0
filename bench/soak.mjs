// Hours of the same: memory, backlog and latency while a steady load goes on.
import { attempt, searchHeld } from './support/held.mjs';
import { round } from './support/histogram.mjs';
import { bus, busesOf, number } from './support/options.mjs';
import { memoryBy } from './support/processes.mjs';
import { slope } from './support/search.mjs';
import { onStage } from './support/stage.mjs';

export const help = 'memory slope, backlog and p99 drift under a steady load';
export const options = {
  bus: { ...bus, fallback: 'embedded' },
  minutes: number(3, 'how long; the table of issue and release notes is for 15'),
  rate: number(0, 'messages a second; 0: half of the highest rate a short search finds'),
  slice: number(10, 'seconds between two looks'),
};
export const notes = [
  'Slope: least squares over proportional set size after the first third, in percent of its mean per hour. Floor 5, aim 1 %/h, for 15 minutes at half the highest rate; a shorter run shows the direction only, since a heap grows in steps.',
  'p99 and backlog: mean of the first third after warm-up against the last.',
];
const SEARCH = { from: 50, most: 3000, step: 8, hold: 8 };

async function soak(stage, rate, { minutes, slice }, say) {
  const looks = [];
  const began = Date.now();
  while (Date.now() - began < minutes * 60_000) {
    const result = await attempt(stage.customers, rate, slice, say);
    const hour = (Date.now() - began) / 3_600_000;
    looks.push({ hour, memory: memoryBy(stage), p99: result.replies.p99, backlog: result.samples.at(-1).backlog });
  }
  return looks.slice(Math.floor(looks.length / 3));
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

function rowsOf(engine, rate, looks) {
  const names = [...looks.at(-1).memory.keys()];
  const rowOf = (what, pick) => {
    const points = looks.map((look) => [look.hour, pick(look)]);
    const average = mean(points.map(([, value]) => value));
    const share = (100 * slope(points)) / average;
    return { bus: engine, 'rate/s': rate, what, 'MB (mean)': Math.round(average), 'slope %/h': round(share) };
  };
  const total = ({ memory }) => [...memory.values()].reduce((sum, value) => sum + value, 0);
  const third = Math.max(1, Math.floor(looks.length / 3));
  const [first, last] = [looks.slice(0, third), looks.slice(-third)];
  const drift = (what, pick) => ({
    ...{ bus: engine, 'rate/s': rate, what },
    first: round(mean(first.map(pick))),
    last: round(mean(last.map(pick))),
  });
  return [
    rowOf('all', total),
    ...names.map((name) => rowOf(name, ({ memory }) => memory.get(name) ?? 0)),
    drift('p99 ms', ({ p99 }) => p99),
    drift('backlog', ({ backlog }) => backlog),
  ];
}

export async function run(chosen, say) {
  const rows = [];
  for (const engine of busesOf(chosen)) {
    await onStage({ bus: engine }, async (stage) => {
      const found = chosen.rate > 0 ? undefined : await searchHeld(stage.customers, SEARCH, say);
      const rate = chosen.rate || Math.max(5, Math.floor((found?.rate ?? 20) / 2));
      rows.push(...rowsOf(engine, rate, await soak(stage, rate, chosen, say)));
    });
  }
  return rows;
}
