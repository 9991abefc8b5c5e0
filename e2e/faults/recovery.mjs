// How soon customers are answered after a process was killed, with nothing else going wrong.
import { untilBack } from './injector.mjs';

/** One customer more than there are partitions: whoever the dead process served is probably among them. */
export const ASKED_AFTER_KILL = 7;
/** The floor: first reply after the killed process is back. */
export const FLOOR_MS = { embedded: 5000, kafka: 12_000 };

/** Kills each process once, and has new customers ask right after. */
export async function measureRecovery({ system, people, history, customers, say }) {
  const waiting = [...customers];
  // A first reply, so that everything is warm and every connection open.
  await people.askOne(waiting[0], { ...waiting.shift().steps[0][0] });
  for (const process of system.processes) {
    const mine = waiting.splice(0, waiting.length > system.processes.length ? ASKED_AFTER_KILL : 1);
    const killedAt = Date.now();
    if (!system.kill(process)) continue;
    const replies = Promise.all(
      mine.map((customer) => people.askOne(customer, customer.steps[0][0]).then(() => Date.now())),
    );
    const back = await untilBack(system, process, killedAt);
    const times = (await replies).sort((a, b) => a - b);
    const record = { process, killedAt, ...back, firstReplyAt: times[0], lastReplyAt: times.at(-1) };
    history.add({ t: 'recovery', ...record });
    history.add({ t: 'fault', at: killedAt, until: Date.now(), kind: 'kill', ...record });
    say(`recovery of ${process}: ${times.at(-1) - killedAt} ms from kill to the last of ${mine.length} replies`);
  }
}

/** A table by process, in milliseconds; a reply before the process was back counts as 0. */
export function recoveryTable(records) {
  const bus = records.find(({ t }) => t === 'run')?.bus;
  const measured = records.filter(({ t, startedAt }) => t === 'recovery' && startedAt);
  return Object.fromEntries(
    measured.map(({ process, killedAt, startedAt, readyAt, firstReplyAt, lastReplyAt }) => {
      const first = Math.max(0, firstReplyAt - startedAt);
      const row = {
        'kill to started again': startedAt - killedAt,
        'kill to ready': readyAt - killedAt,
        'back to first reply': first,
        'back to every reply': Math.max(0, lastReplyAt - startedAt),
        floor: FLOOR_MS[bus],
        verdict: first <= FLOOR_MS[bus] ? 'green' : 'RED',
      };
      return [process, row];
    }),
  );
}
