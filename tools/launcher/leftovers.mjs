// What an earlier start left behind when everything was killed: processes of this clone that still run.
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './paths.mjs';

const fileOf = (dataDir) => join(dataDir, 'launcher.json');

/** A process id is reused sooner or later: only one whose command line is ours counts. */
function isOurs(pid, mark) {
  try {
    process.kill(pid, 0);
    const line = `/proc/${pid}/cmdline`;
    return !existsSync('/proc/self/cmdline') || readFileSync(line, 'utf8').includes(mark);
  } catch {
    return false;
  }
}

/**
 * Whether a process has given back what it held. A command line is gone before the ports are; a zombie holds none any more, unless
 * other threads of it are still on their way out.
 */
function hasEnded(pid) {
  try {
    process.kill(pid, 0);
    const stat = `/proc/${pid}/stat`;
    if (!existsSync('/proc/self/stat')) return false;
    const text = readFileSync(stat, 'utf8');
    return 'ZX'.includes(text.charAt(text.lastIndexOf(')') + 2)) && readdirSync(`/proc/${pid}/task`).length <= 1;
  } catch {
    return true;
  }
}

/** Ends children of a launcher that was killed. @throws when that launcher is alive: one launcher for each data folder. */
export async function clearLeftovers(dataDir) {
  if (!existsSync(fileOf(dataDir))) return;
  let known;
  try {
    known = JSON.parse(readFileSync(fileOf(dataDir), 'utf8'));
  } catch {
    return; // Not written by us: nothing can be told from it.
  }
  if (known.launcher !== process.pid && isOurs(known.launcher, 'tools/')) {
    throw new Error(
      `Parley already runs on this data folder (process ${known.launcher}). Stop it, or set PARLEY_DATA_DIR and other ports.`,
    );
  }
  const ours = known.children.filter((pid) => isOurs(pid, join(root, 'apps/')));
  for (const pid of ours) process.kill(pid, 'SIGKILL');
  for (let waited = 0; !ours.every(hasEnded) && waited < 5000; waited += 50) await sleep(50);
}

/** Remembers who runs, for the next start: all of them or those of before, whenever the launcher is killed. */
export function remember(dataDir, children) {
  const half = `${fileOf(dataDir)}.${process.pid}`;
  writeFileSync(half, JSON.stringify({ launcher: process.pid, children: children.filter(Boolean) }));
  renameSync(half, fileOf(dataDir));
}
