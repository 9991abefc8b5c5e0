// Launcher to ready, and the memory of everything it started, idle.
import { setTimeout as sleep } from 'node:timers/promises';
import { bus, busesOf } from './support/options.mjs';
import { familyOf, pssOf } from './support/processes.mjs';
import { startSystem } from './support/system.mjs';

export const help = 'time to ready on an empty data folder, and memory of all processes together after 10 s idle';
export const options = { bus };
const IDLE_MS = 10_000;

export async function run(chosen) {
  const rows = [];
  for (const engine of busesOf(chosen)) {
    const system = await startSystem({ bus: engine });
    await sleep(IDLE_MS);
    const family = familyOf(system.pid);
    const megabytes = Math.round(family.reduce((sum, pid) => sum + pssOf(pid), 0) / 1024);
    await system.stop();
    rows.push({ bus: engine, seconds: Math.round(system.readyMs / 100) / 10, processes: family.length, megabytes });
  }
  return rows;
}
