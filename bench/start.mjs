// Launcher to ready, and the memory of everything it started, idle.
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSystem } from './system.mjs';

export const help = 'time to ready on an empty data folder, and memory of all processes together after 10 s idle';
const IDLE_MS = 10_000;

/** Proportional set size where the kernel tells it: shared pages of Postgres count once. */
function memoryOf(pid) {
  const all = execFileSync('ps', ['-eo', 'pid=,ppid='])
    .toString()
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const family = new Set([pid]);
  for (let before = 0; before !== family.size;) {
    before = family.size;
    for (const [child, parent] of all) if (family.has(parent)) family.add(child);
  }
  const pss = (id) => {
    try {
      return Number(/^Pss:\s+(\d+)/m.exec(execFileSync('cat', [`/proc/${id}/smaps_rollup`]).toString())?.[1] ?? 0);
    } catch {
      return 0;
    }
  };
  return { processes: family.size, megabytes: Math.round([...family].reduce((sum, id) => sum + pss(id), 0) / 1024) };
}

export async function run() {
  const system = await startSystem();
  await sleep(IDLE_MS);
  const memory = memoryOf(system.pid);
  await system.stop();
  return [{ what: 'launcher to ready, empty data folder', seconds: Math.round(system.readyMs / 100) / 10, ...memory }];
}
