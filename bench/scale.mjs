// 1, 2, 4 replicas of a service: how much more gets through, and whether a message costs the same.
import { round } from './support/histogram.mjs';
import { bus, busesOf, number, numbers, oneOf } from './support/options.mjs';
import { cpuBetween, cpuNow } from './support/processes.mjs';
import { onStage } from './support/stage.mjs';

export const help = 'messages a second through 1, 2 and 4 replicas of a service, as a share of linear';
export const options = {
  bus: { ...bus, fallback: 'embedded' },
  service: oneOf(
    ['conversation-service', 'gateway', 'crm-bridge', 'audit-service'],
    'conversation-service',
    'which service',
  ),
  replicas: numbers([1, 2, 4], 'how many of it'),
  rate: number(300, 'messages a second offered: more than gets through'),
  seconds: number(15, 'length of each window'),
};
export const notes = [
  'More is offered than gets through; counted are replies a second over the last two thirds of the window. All replicas, the database and the load generator share the cores of one machine: where "cores busy" is near their number, throughput cannot grow, and "CPU ms/message" tells whether replicas cost more.',
];

function throughput(samples) {
  const from = samples.find(({ second }) => second >= samples.at(-1).second / 3);
  const to = samples.at(-1);
  return (to.answered - from.answered) / (to.second - from.second);
}

async function measure(engine, count, { service, rate, seconds }, say) {
  const env = { PARLEY_REPLICAS: `${service}=${count}` };
  return onStage({ bus: engine, env }, async (stage) => {
    const before = cpuNow(stage);
    const began = performance.now();
    const { samples, replied } = await stage.customers.offer({ rate, seconds, drain: 0 });
    const used = [...cpuBetween(before, cpuNow(stage))].filter(([name]) => !name.startsWith('('));
    const cpu = used.reduce((sum, [, ms]) => sum + ms, 0);
    const perSecond = throughput(samples);
    say(`  ${count} × ${service}: ${round(perSecond)}/s`);
    return { perSecond, cpu: cpu / replied, cores: cpu / (performance.now() - began) };
  });
}

export async function run(chosen, say) {
  const rows = [];
  for (const engine of busesOf(chosen)) {
    let one;
    for (const count of chosen.replicas) {
      const result = await measure(engine, count, chosen, say);
      one ??= { ...result, count };
      rows.push({
        ...{ bus: engine, service: chosen.service, replicas: count, 'replies/s': round(result.perSecond) },
        'share of linear': Math.round((result.perSecond / one.perSecond / (count / one.count)) * 100) / 100,
        'CPU ms/message': round(result.cpu),
        'cost against one': Math.round((result.cpu / one.cpu) * 100) / 100,
        'cores busy': round(result.cores),
      });
    }
  }
  return rows;
}
