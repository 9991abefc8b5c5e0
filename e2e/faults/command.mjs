// The command line of the fault run.
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { root } from '../../tools/launcher/paths.mjs';
import { bugs } from './bugs.mjs';
import { check } from './checker.mjs';
import { readHistory } from './history.mjs';
import { printVerdict, printRun } from './report.mjs';
import { runFaults } from './run.mjs';

const USAGE = `npm run faults -- [options]     customers write while everything is killed, paused and cut; then the outside world is read

  --messages <n>        about how many messages (default 300; the full run is 20000)
  --seed <n>            replays a run's customers, copies and faults (default: by the clock)
  --bus embedded|kafka  which event bus (default embedded; kafka needs Java 17 and, once, Maven)
  --kills <n>           how often every process is killed (default 1, or 20 from 10000 messages on)
  --places <n>          in how many named places a process is killed (default all of them)
  --recovery            first measures how soon customers are answered after each process is killed (always in the full run)
  --minutes <n>         no new faults after this time
  --bug <name>          runs with a seeded bug: the verdict has to be red
  --bugs                runs each seeded bug and demands that each makes its run red
  --history <file>      where the history is written (default bench/results/faults-<bus>-<seed>.jsonl)
  --keep                keeps the system's data folder and logs
  --check <file>        judges an existing history once more, and runs nothing
  --help                this`;

const OPTIONS = {
  messages: { type: 'string' },
  seed: { type: 'string' },
  bus: { type: 'string', default: 'embedded' },
  kills: { type: 'string' },
  minutes: { type: 'string' },
  places: { type: 'string' },
  recovery: { type: 'boolean', default: false },
  history: { type: 'string' },
  bug: { type: 'string' },
  bugs: { type: 'boolean', default: false },
  check: { type: 'string' },
  keep: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

const FULL_RUN = 10_000;

/** @throws TypeError that names the option */
function read(args) {
  const { values } = parseArgs({ args, options: OPTIONS, allowPositionals: false });
  const number = (name, fallback) => {
    if (values[name] === undefined) return fallback;
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 1) throw new TypeError(`--${name} must be a whole number from 1 on.`);
    return value;
  };
  if (!['embedded', 'kafka'].includes(values.bus)) throw new TypeError('--bus must be embedded or kafka.');
  const messages = number('messages', 300);
  const seed = number('seed', (Date.now() % 1_000_000) + 1);
  if (values.bug !== undefined && !(values.bug in bugs)) {
    throw new TypeError(`--bug must be one of ${Object.keys(bugs).join(', ')}.`);
  }
  return {
    ...values,
    messages,
    seed,
    kills: number('kills', messages >= FULL_RUN ? 20 : 1),
    minutes: number('minutes', undefined),
    places: number('places', undefined),
    recovery: values.recovery || messages >= FULL_RUN,
    historyFile: values.history ?? join(root, 'bench/results', `faults-${values.bus}-${seed}.jsonl`),
  };
}

/** On a terminal one line that changes; in a pipe a line now and then. */
function shower() {
  let last = 0;
  return ({ asked, answered, messages, faults, of, now }) => {
    const line = `asked ${asked}/${messages}, answered ${answered}, faults ${faults}/${of} ${now}`;
    if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${line}`);
    else if (Date.now() - last > 15_000) {
      last = Date.now();
      console.log(line);
    }
  };
}

const say = (line) => console.log(process.stdout.isTTY ? `\r\u001b[K${line}` : line);

/** A lost answer is not waited for as long: a bug is expected to lose some. */
const BUG_RUN = { kills: 0, patienceMs: 20_000 };

/** The checker is shown to work: a run with a mistake in it has to be red. */
async function runBugs(options) {
  const table = {};
  for (const bug of Object.keys(bugs)) {
    say(`== ${bug}: ${bugs[bug].title}`);
    const historyFile = options.historyFile.replace(/\.jsonl$/, `-${bug}.jsonl`);
    const { green, rows, violations } = await runFaults({ ...options, ...BUG_RUN, bug, historyFile });
    const seen = rows.filter(({ bad }) => bad > 0).map(({ check: name }) => name);
    table[bug] = {
      verdict: green ? 'green: NOT SEEN' : 'red, as it should be',
      violations: violations.length,
      'seen by': seen.join('; '),
    };
    say(`${bug}: ${table[bug].verdict}`);
  }
  console.table(table);
  return Object.values(table).every(({ violations }) => violations > 0) ? 0 : 1;
}

export async function main(args) {
  let options;
  try {
    options = read(args);
  } catch (error) {
    console.error(`${error.message} See npm run faults -- --help.`);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  try {
    if (options.check) {
      const verdict = check(await readHistory(options.check));
      printVerdict(verdict);
      return verdict.green ? 0 : 1;
    }
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());
    const parts = { ...options, signal: stop.signal, say, progress: shower() };
    if (options.bugs) return await runBugs(parts);
    const result = await runFaults({ ...parts, ...(options.bug ? BUG_RUN : {}) });
    printRun(result);
    return result.green ? 0 : 1;
  } catch (error) {
    console.error(error.message);
    return 1;
  }
}
