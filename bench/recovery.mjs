// Kills one process after the other under load: how long until it is back, and until the first reply after that.
import { setTimeout as sleep } from 'node:timers/promises';
import { services } from '../tools/launcher/services.mjs';
import { bus, busesOf, number, someOf } from './support/options.mjs';
import { onStage } from './support/stage.mjs';

const PROCESSES = [...services.map(({ name }) => name).filter((name) => name !== 'desk'), 'postgres', 'kafka'];

export const help = 'seconds until a killed process is back, and from then to the first reply';
export const options = {
  bus,
  processes: someOf(PROCESSES, 'which, comma-separated'),
  rate: number(10, 'messages a second while it happens'),
  seconds: number(12, 'how long replies are watched after each kill'),
};
export const notes = [
  'Floors: first reply after the process is back 5 s on the embedded log, 12 s on Kafka. Aims: 2 s, 8 s.',
  'SIGKILL. "Back": the launcher has started it again (the broker: it serves again). The reply counted answers a message written after the kill. "Silence": the longest time without any reply.',
  'Refused: while the gateway or the bus is down nobody takes a webhook. Meta sends it again, these customers do not. Unanswered: taken, and not answered 30 s after the window.',
];
const BACK_WITHIN_MS = 60_000;

/** The process that stands for a name now. */
const pidOf = (system, name) => (name === 'postgres' ? system.postgresPid() : system.pids().get(name)?.[0]);

/** Kills, and waits until another process stands in its place. */
async function killAndWait(system, name) {
  const killed = Date.now();
  if (name === 'kafka') {
    await system.broker.crash();
    await system.broker.restart();
    return { killed, back: Date.now() };
  }
  const old = pidOf(system, name);
  process.kill(old, 'SIGKILL');
  for (;;) {
    const now = pidOf(system, name);
    if (now !== undefined && now !== old) return { killed, back: Date.now() };
    if (Date.now() - killed > BACK_WITHIN_MS) throw new Error(`${name} was not started again.`);
    await sleep(10);
  }
}

/** Longest gap between replies from the kill to the end of the watch. */
function silence(replies, { killed }, end) {
  const moments = [killed, ...replies.map(([, at]) => at).filter((at) => at > killed), end].sort((a, b) => a - b);
  return Math.max(...moments.slice(1).map((at, index) => at - moments[index]));
}

const seconds = (ms) => (ms === undefined ? 'none' : Math.round(ms / 10) / 100);

async function recover({ system, customers }, name, chosen, say) {
  await customers.keepDiary();
  const load = customers.offer({ rate: chosen.rate, seconds: chosen.seconds + 2, drain: 30 });
  await sleep(2000);
  const moments = await killAndWait(system, name);
  const { unanswered, uncalled, refused } = await load;
  const replies = await customers.readDiary();
  const { waiting, strays } = await customers.oddities();
  if (unanswered > 0 || uncalled > 0) say(`  ${name}: without an answer ${waiting}; answered twice ${strays}`);
  await customers.forget();
  const after = replies.filter(([due, at]) => due >= moments.killed && at >= moments.back).map(([, at]) => at);
  const first = after.length > 0 ? Math.min(...after) - moments.back : undefined;
  say(`  ${name}: back after ${seconds(moments.back - moments.killed)} s, first reply ${seconds(first)} s later`);
  return {
    killed: name,
    'back after s': seconds(moments.back - moments.killed),
    'first reply after that s': seconds(first),
    'silence s': seconds(silence(replies, moments, Math.max(...replies.map(([, at]) => at)))),
    'webhooks refused': refused,
    unanswered,
    twice: uncalled,
  };
}

export async function run(chosen, say) {
  const rows = [];
  for (const engine of busesOf(chosen)) {
    await onStage({ bus: engine }, async (stage) => {
      for (const name of chosen.processes) {
        if (name === 'kafka' && engine !== 'kafka') continue;
        rows.push({ bus: engine, ...(await recover(stage, name, chosen, say)) });
      }
    });
  }
  return rows;
}
