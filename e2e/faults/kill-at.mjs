// Kills, delays or fails a service of ours at a named place of its code (`places` of @parley/resilience), as files say. Loaded into
// every process of the launcher by NODE_OPTIONS=--import; does nothing where PARLEY_FAULTS_DIR is not set, and nothing in
// processes that are no service (argv[1] is not .../apps/<app>/dist/main.js), such as the launcher itself.
//
// A place is armed by a file PARLEY_FAULTS_DIR/<app>/<place>.json (written elsewhere and renamed, so that it is never read half):
//   { "action": "kill" | "delay" | "fail",
//     "after": 0,      passages of one process that are let through first (default 0)
//     "times": 1,      how often it strikes (default 1; 0: until the file is gone). Kills are counted over all processes of the app:
//                      the file is taken away by the process that dies of it. Delays and failures are counted by each process
//     "every": 1,      strikes only at every n-th passage (default 1: each)
//     "ms": 0,         waits this long before it strikes; for "delay" it is all it does (default 0)
//     "error": { "code": "UNAVAILABLE", "reason": "FAULT.INJECTED", "retryable": true },
//                      for "fail": what is thrown, an AppError (these are the defaults; `retryable` follows from the code)
//     "id": "..." }    repeated in what is reported
// A file is noticed at the next passage of any place of the app, at worst 50 ms later.
//
// What happened is reported in the same folder:
//   fired.jsonl            a line { id, app, place, action, pid, at } for each strike, written (for a kill: and synced) before it
//   seen/<app>-<pid>.json  { app, pid, places: { <place>: passages } }, at most half a second old
import { subscribe } from 'node:diagnostics_channel';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';

const LOOK_MS = 50;
const SEEN_MS = 500;

const dir = process.env.PARLEY_FAULTS_DIR;
const app = /[\\/]apps[\\/]([a-z-]+)[\\/]dist[\\/]main\.js$/.exec(process.argv[1] ?? '')?.[1];

/** Reads what is armed for this app. A file that is written anew is a plan of its own, whatever the old one has done. */
class Plans {
  #lookedAt = 0;
  #changedAt = 0;
  #plans = new Map();

  constructor(folder) {
    this.folder = folder;
  }

  /** The plan for a place, if there is one now. */
  for(place) {
    const { mtimeMs } = statSync(this.folder);
    // The folder's time moves in steps of some milliseconds: what was armed within the step of the last look is found a little later.
    if (mtimeMs !== this.#changedAt || Date.now() - this.#lookedAt >= LOOK_MS) this.#look(mtimeMs);
    return this.#plans.get(place);
  }

  /** Whether this process is the one to strike: the file is gone for all others, or says how often is left. */
  take(place, plan) {
    const file = join(this.folder, `${place}.json`);
    const taken = `${file}.taken-${process.pid}`;
    try {
      renameSync(file, taken);
    } catch {
      return false; // Another process of the app was faster.
    }
    const left = (plan.times ?? 1) - 1;
    if (left === 0 && plan.times !== 0) return true;
    writeFileSync(taken, JSON.stringify(plan.times === 0 ? plan.said : { ...plan.said, times: left }));
    renameSync(taken, file);
    return true;
  }

  #look(changedAt) {
    this.#changedAt = changedAt;
    this.#lookedAt = Date.now();
    const known = this.#plans;
    this.#plans = new Map();
    for (const name of readdirSync(this.folder)) {
      if (!name.endsWith('.json')) continue;
      try {
        const file = join(this.folder, name);
        const { ino, mtimeMs } = statSync(file);
        const place = name.slice(0, -'.json'.length);
        const same = known.get(place);
        if (same?.stamp === `${ino}/${mtimeMs}`) this.#plans.set(place, same);
        else {
          const said = JSON.parse(readFileSync(file, 'utf8'));
          this.#plans.set(place, { ...said, said, stamp: `${ino}/${mtimeMs}`, passed: 0, struck: 0 });
        }
      } catch (error) {
        // Disarmed between the two looks; anything else is a mistake of whoever armed it.
        if (error.code !== 'ENOENT') throw error;
      }
    }
  }
}

/** How often each place was passed, for whoever wants to know what was reached. */
class Seen {
  #counts = {};
  #timer;

  constructor(file) {
    this.file = file;
  }

  add(place) {
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    this.#timer ??= setTimeout(() => this.write(), SEEN_MS).unref();
  }

  write() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    writeFileSync(`${this.file}.new`, JSON.stringify({ app, pid: process.pid, places: this.#counts }));
    renameSync(`${this.file}.new`, this.file);
  }
}

function report(line, durable) {
  const file = openSync(join(dir, 'fired.jsonl'), 'a');
  writeSync(file, `${JSON.stringify(line)}\n`);
  if (durable) fsyncSync(file);
  closeSync(file);
}

async function observe() {
  // The services' own class: what it throws is handled like any error of theirs.
  const { AppError } = await import('@parley/errors');
  const folder = join(dir, app);
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(dir, 'seen'), { recursive: true });
  const plans = new Plans(folder);
  const seen = new Seen(join(dir, 'seen', `${app}-${process.pid}.json`));

  const strike = (place, plan) => {
    const { id, action } = plan;
    const line = { ...(id === undefined ? {} : { id }), app, place, action, pid: process.pid, at: Date.now() };
    if (action === 'kill') {
      if (!plans.take(place, plan)) return undefined;
      seen.write();
      report(line, true);
      process.kill(process.pid, 'SIGKILL');
      return new Promise(() => undefined);
    }
    report(line, false);
    if (action !== 'fail') return undefined;
    const { code = 'UNAVAILABLE', reason = 'FAULT.INJECTED', retryable } = plan.error ?? {};
    return Promise.reject(new AppError({ code, reason, retryable, message: 'A fault was injected.' }));
  };

  const later = async (ms, work) => {
    await sleep(ms);
    await work();
  };

  process.on('exit', () => seen.write());
  subscribe('parley.places', (passage) => {
    const { name } = passage;
    seen.add(name);
    const plan = plans.for(name);
    if (!plan) return;
    const n = (plan.passed += 1) - (plan.after ?? 0);
    if (n <= 0 || (n - 1) % (plan.every ?? 1) !== 0) return;
    const most = plan.times ?? 1;
    if (plan.action !== 'kill' && most !== 0 && plan.struck >= most) return;
    plan.struck += 1;
    passage.hold = plan.ms > 0 ? later(plan.ms, () => strike(name, plan)) : strike(name, plan);
  });
}

if (dir && app && isMainThread) await observe();
