import { readdir, readFile } from 'node:fs/promises';

/** A process, told apart from a later one with the same id by when it began. */
export interface Process {
  pid: number;
  parent: number;
  began: string;
}

async function processOf(pid: number): Promise<Process | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name of the program stands in brackets and may hold anything.
  const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (parent === undefined || state === 'Z') return undefined;
  return { pid, parent: Number(parent), began: rest[17] ?? '' };
}

async function all(): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  return (await Promise.all(pids.map(processOf))).flatMap((found) => found ?? []);
}

/** A process and everything it has started, however deep. */
export async function familyOf(pid: number): Promise<Process[]> {
  const processes = await all();
  const family = processes.filter((one) => one.pid === pid);
  for (let n = 0; n < family.length; n += 1)
    family.push(...processes.filter(({ parent }) => parent === family[n]?.pid));
  return family;
}

/** Those that still run. */
export async function alive(processes: readonly Process[]): Promise<Process[]> {
  const now = await Promise.all(processes.map(({ pid }) => processOf(pid)));
  return processes.filter(({ began }, index) => now[index]?.began === began);
}
