// What the gateway takes in: closed loop against the ceiling, window by window in turn, and latency at a fixed rate.
import { startCeiling } from './ceiling/start.mjs';
import { startCustomers } from './support/customers.mjs';
import { serialsOnTopic } from './support/on-topic.mjs';
import { bus, busesOf, number } from './support/options.mjs';
import { timesOf } from './support/processes.mjs';
import { startSystem } from './support/system.mjs';

export const help = 'webhooks a second the gateway accepts, against the ceiling in the same run; p99 at a fixed rate';
export const options = {
  bus,
  rate: number(1000, 'signed webhooks a second of the open-loop window'),
  seconds: number(10, 'length of the open-loop window'),
  window: number(6, 'length of each closed-loop window'),
  rounds: number(3, 'closed-loop windows of the ceiling and of the gateway, in turn'),
  connections: number(64, 'connections of the closed loop, each with one request in flight'),
};
export const notes = [
  'Floors: 0.6 of the ceiling, p99 250 ms at 1,000/s. Aims: 0.85, 50 ms. The ceiling needs Kafka, so the ratio exists there only.',
  'Every webhook is a fresh message of a fresh customer; 1,000 per number and as many numbers as the rate needs (16).',
  'Ratio: median of the windows; the other services are stopped (SIGSTOP) during them, as the ceiling has none. Open loop first, all services at work ("busy"), then with them stopped ("alone").',
  'Topic: accepted ids that are not on whatsapp.inbound, and records beyond one for each acceptance.',
];
/** Meta's limit for one number is 1,000 a second. */
const NUMBERS = 16;

const WARM_UP = { rate: 100, seconds: 5 };

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function signalOthers(system, signal) {
  for (const [name, pids] of system.pids()) {
    if (name !== 'gateway') for (const pid of pids) process.kill(pid, signal);
  }
}

async function fixedRate({ customers }, what, { rate, seconds }, say) {
  const { intake, refused } = await customers.offer({ rate, seconds, warmUp: 2, drain: 0 });
  await customers.forget();
  say(`  ${what} at ${rate}/s: p50 ${intake.p50} p99 ${intake.p99} ms, ${refused} refused`);
  return { what, 'webhooks/s': rate, p50: intake.p50, p99: intake.p99, 'p99.9': intake['p99.9'], refused };
}

/** One window, with the CPU time its server spent on each webhook: that does not change with what else the machine does. */
async function flood(customers, server, options) {
  const before = timesOf(server.pid).own;
  const result = await customers.flood({ ...options, port: server.port });
  return { ...result, cpu: (timesOf(server.pid).own - before) / Math.max(1, result.count) };
}

/** ABAB, so that whatever else goes on in the machine meets both. */
async function inTurn({ customers, system, ceiling }, { rounds, window: seconds, connections }, say) {
  const gateway = { port: system.gatewayPort, pid: system.pids().get('gateway')[0] };
  const bare = [];
  const own = [];
  const run = `wamid.intake${Date.now()}`;
  for (const server of [ceiling, gateway]) {
    if (server) await customers.flood({ port: server.port, connections, seconds: 2, run: 'wamid.warm' });
  }
  for (let round = 0; round < rounds; round += 1) {
    if (ceiling) bare.push(await flood(customers, ceiling, { connections, seconds, run: `wamid.bare${round}` }));
    own.push(await flood(customers, gateway, { connections, seconds, run }));
    say(`  window ${round + 1}: ceiling ${bare.at(-1)?.perSecond ?? '-'}/s, gateway ${own.at(-1).perSecond}/s`);
  }
  return { bare, own, run };
}

/** Whether everything that was accepted is on the topic, once. */
async function proof(system, { own, run }) {
  const found = await serialsOnTopic(system, run);
  const accepted = own.flatMap((window) => window.accepted);
  const missing = accepted.filter((serial) => !found.has(serial)).length;
  const extra = accepted.reduce((sum, serial) => sum + Math.max(0, (found.get(serial) ?? 0) - 1), 0);
  return { accepted: accepted.length, 'not on topic': missing, 'twice on topic': extra };
}

function closedRow(what, windows) {
  const middle = (pick) => median(windows.map(pick));
  return {
    what,
    'webhooks/s': middle(({ perSecond }) => perSecond),
    p50: middle(({ p50 }) => p50),
    p99: middle(({ p99 }) => p99),
    'p99.9': middle((window) => window['p99.9']),
    'CPU ms/webhook': Math.round(middle(({ cpu }) => cpu) * 1000) / 1000,
    refused: windows.reduce((sum, { refused }) => sum + refused, 0),
  };
}

async function onEngine(stage, chosen, say) {
  const rows = [await fixedRate(stage, 'gateway, open loop, busy', chosen, say)];
  signalOthers(stage.system, 'SIGSTOP');
  try {
    rows.push(await fixedRate(stage, 'gateway, open loop, alone', chosen, say));
    const windows = await inTurn(stage, chosen, say);
    const own = closedRow('gateway, closed loop', windows.own);
    if (windows.bare.length > 0) {
      const bare = closedRow('ceiling, closed loop', windows.bare);
      rows.push(bare);
      own.ratio = Math.round((own['webhooks/s'] / bare['webhooks/s']) * 100) / 100;
    }
    rows.push({ ...own, ...(await proof(stage.system, windows)) });
  } finally {
    signalOthers(stage.system, 'SIGCONT');
  }
  return rows;
}

export async function run(chosen, say) {
  const rows = [];
  for (const engine of busesOf(chosen)) {
    const customers = await startCustomers({ numbers: NUMBERS, customers: 10_000_000, statuses: 0, text: 'hello' });
    let system;
    let ceiling;
    try {
      system = await startSystem({ bus: engine, numbers: NUMBERS, graphUrl: customers.graphUrl });
      await customers.target(system.gatewayPort);
      await customers.offer({ ...WARM_UP, drain: 0 });
      if (system.broker) ceiling = await startCeiling(system.broker.brokers);
      for (const row of await onEngine({ customers, system, ceiling }, chosen, say)) rows.push({ bus: engine, ...row });
    } finally {
      ceiling?.stop();
      await system?.stop();
      customers.stop();
    }
  }
  return rows;
}
