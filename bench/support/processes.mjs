// CPU time and memory of everything a system is made of, from /proc: what a busy machine around it does not change.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Jiffies per second, the same on every Linux that Node runs on. */
const TICKS = 100;

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Every process under one, with it. */
export function familyOf(pid) {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=']).toString().trim().split('\n');
  const all = rows.map((row) => row.trim().split(/\s+/).map(Number));
  const family = new Set([pid]);
  for (let before = 0; before !== family.size;) {
    before = family.size;
    for (const [child, parent] of all) if (family.has(parent)) family.add(child);
  }
  return [...family];
}

/** Proportional set size in kilobytes: shared pages of Postgres count once. */
export const pssOf = (pid) => Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);

/** What a process belongs to, by its command line; a backend of Postgres to the service whose role it works for. */
function nameOf(pid) {
  const line = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
  const service = /apps\/([a-z-]+)\//.exec(line)?.[1];
  if (service) return service;
  const role = /^postgres: parley_([a-z]+) /.exec(line)?.[1];
  if (role) return `postgres for ${role}`;
  if (/postgres/.test(line)) return 'postgres itself';
  return line.includes('launcher/main.mjs') ? 'launcher' : 'other';
}

/** CPU milliseconds a process has used, and those of its children that have ended. */
export function timesOf(pid) {
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1).split(' ').map(Number);
  const [user = 0, system = 0, reapedUser = 0, reapedSystem = 0] = fields.slice(11, 15);
  const ms = (ticks) => (ticks * 1000) / TICKS;
  return { own: ms(user + system), reaped: ms(reapedUser + reapedSystem) };
}

/** CPU time of every process so far: of the system, the broker, and the benchmark's own customers. */
export function cpuNow({ system, customers }) {
  const pids = familyOf(system.pid).map((pid) => [pid, nameOf(pid)]);
  if (system.broker) pids.push([system.broker.pid, 'kafka']);
  if (customers) pids.push([customers.pid, '(load generator, Graph)']);
  return new Map(pids.map(([pid, name]) => [pid, { name, ...timesOf(pid) }]));
}

/**
 * CPU milliseconds between two moments, by service. A backend of Postgres that ended meanwhile is in the time its parent has
 * reaped; what it had used before is taken off.
 */
export function cpuBetween(before, after) {
  const sums = new Map();
  const add = (name, ms) => sums.set(name, (sums.get(name) ?? 0) + ms);
  for (const [pid, { name, own, reaped }] of after) {
    const was = before.get(pid) ?? { own: 0, reaped: 0 };
    add(name, own - was.own);
    if (name.startsWith('postgres')) add(name, reaped - was.reaped);
  }
  for (const [pid, { name, own }] of before) {
    if (name.startsWith('postgres') && !after.has(pid)) add('postgres itself', -own);
  }
  return new Map([...sums].sort(([, a], [, b]) => b - a));
}

/** Memory in megabytes, by service. */
export function memoryBy({ system }) {
  const sums = new Map();
  for (const pid of familyOf(system.pid)) {
    const name = nameOf(pid);
    sums.set(name, (sums.get(name) ?? 0) + pssOf(pid) / 1024);
  }
  if (system.broker) sums.set('kafka', pssOf(system.broker.pid) / 1024);
  return sums;
}
