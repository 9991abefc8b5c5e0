// What one message costs: CPU milliseconds by service, bytes written by the database and the broker, at a fixed rate.
import { setTimeout as sleep } from 'node:timers/promises';
import { round } from './support/histogram.mjs';
import { bus, busesOf, number } from './support/options.mjs';
import { cpuBetween, cpuNow, memoryBy } from './support/processes.mjs';
import { onStage } from './support/stage.mjs';
import { storageOf } from './support/storage.mjs';

export const help = 'CPU milliseconds by service, and bytes of database and broker, for each message answered';
export const options = {
  bus,
  rate: number(80, 'messages a second'),
  seconds: number(25, 'length of the window'),
  statuses: number(2, 'statuses that Meta reports for each reply'),
  customers: number(20_000, 'people who write, in turn; few of them: conversations that go on, and limits that bind'),
};
export const notes = [
  'CPU is user and system time from /proc of each process, so other work on the machine hardly changes it. A message is everything one "Track order" brings about: webhook, understanding, look-ups, reply, statuses, CRM entries, audit entries.',
  'Measured until two seconds after the last reply, so that what follows a reply is in. Idle: milliseconds of CPU a second when nothing goes on; they are not taken off.',
  'Floors: audit 1 ms a record entry; its line here is all that the audit trail spends on a message.',
];
const IDLE_MS = 4000;
/** Audit and CRM entries follow their reply; what they cost belongs to it. */
const SETTLE_MS = 2000;

/** CPU used between now and the end of `body`, and what was written. */
async function measure(stage, database, body) {
  const [cpu, storage] = [cpuNow(stage), await storageOf(stage.system, database)];
  const began = performance.now();
  const result = await body();
  const seconds = (performance.now() - began) / 1000;
  const used = cpuBetween(cpu, cpuNow(stage));
  const after = await storageOf(stage.system, database);
  const written = Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - storage[name]]));
  return { result, seconds, used, written };
}

const kilobytes = (bytes, count) => round(bytes / 1024 / count);

function rowsOf(engine, { result, seconds, used, written }, idle, memory) {
  const count = result.replied;
  const total = [...used].filter(([name]) => !name.startsWith('(')).reduce((sum, [, ms]) => sum + ms, 0);
  const cpu = [...used, ['all but the load generator', total]].filter(([, ms]) => ms >= count * 0.005);
  return [
    ...cpu.map(([name, ms]) => ({
      bus: engine,
      what: name,
      'CPU ms/message': Math.round((ms / count) * 100) / 100,
      'share of a core': `${Math.round(ms / seconds / 10)} %`,
      'idle ms/s': idle.used.has(name) ? round(idle.used.get(name) / idle.seconds) : '',
      MB: memory.has(name) ? Math.round(memory.get(name)) : '',
    })),
    { bus: engine, what: 'database log, kB/message', value: kilobytes(written.wal, count) },
    { bus: engine, what: 'database tables, kB/message', value: kilobytes(written.tables, count) },
    { bus: engine, what: 'database commits/message', value: Math.round((written.commits / count) * 100) / 100 },
    ...(written.kafka
      ? [{ bus: engine, what: 'Kafka topics, kB/message', value: kilobytes(written.kafka, count) }]
      : []),
    { bus: engine, what: 'messages answered', value: count },
    { bus: engine, what: 'reply p50 / p99, ms', value: `${result.replies.p50} / ${result.replies.p99}` },
  ];
}

export async function run({ rate, seconds, statuses, customers: count, ...chosen }, say) {
  const rows = [];
  for (const engine of busesOf(chosen)) {
    await onStage({ bus: engine, statuses, customers: count }, async (stage) => {
      const database = await stage.system.database();
      const idle = await measure(stage, database, () => sleep(IDLE_MS));
      const busy = await measure(stage, database, async () => {
        const offered = await stage.customers.offer({ rate, seconds });
        await sleep(SETTLE_MS);
        return offered;
      });
      say(`  ${engine}: ${busy.result.replied} messages answered, ${busy.result.unanswered} not`);
      rows.push(...rowsOf(engine, busy, idle, memoryBy(stage)));
      await database.end();
    });
  }
  return rows;
}
