// Customers and the Graph API around a system: starts their process and talks with it.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const DEFAULTS = { numbers: 1, customers: 20_000, statuses: 2, connections: 512, text: 'Track order B{n}00' };

/**
 * @param {{ numbers?: number, customers?: number, statuses?: number, connections?: number, text?: string }} settings numbers of
 *   the business, people who write, statuses that each reply gets, most connections, and what people write
 */
export async function startCustomers(settings = {}) {
  const script = fileURLToPath(new URL('./customers-process.mjs', import.meta.url));
  const env = { ...process.env, BENCH_CUSTOMERS: JSON.stringify({ ...DEFAULTS, ...settings }) };
  const child = fork(script, { env });
  const calls = new Map();
  let last = 0;
  child.on('message', ({ id, result, error }) => {
    const { resolve, reject } = calls.get(id);
    calls.delete(id);
    if (error) reject(new Error(error));
    else resolve(result);
  });
  child.on('exit', () => {
    for (const { reject } of calls.values()) reject(new Error('The process of the customers ended.'));
  });
  const call = (command, args = {}) =>
    new Promise((resolve, reject) => {
      last += 1;
      calls.set(last, { resolve, reject });
      child.send({ id: last, command, ...args });
    });
  return {
    pid: child.pid,
    graphUrl: await call('graph'),
    target: (port) => call('target', { port }),
    offer: (args) => call('offer', args),
    flood: (args) => call('flood', args),
    drain: (seconds) => call('drain', { seconds }),
    oddities: () => call('oddities'),
    forget: () => call('forget'),
    keepDiary: () => call('keepDiary'),
    readDiary: () => call('readDiary'),
    write: (args) => call('write', args),
    templatesTo: (index) => call('templatesTo', { index }),
    totals: () => call('totals'),
    stop() {
      child.removeAllListeners('exit');
      child.kill();
    },
  };
}
