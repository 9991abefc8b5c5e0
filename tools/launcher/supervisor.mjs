// Runs one process and starts it again when it dies, with back-off and one line that says so.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
/** A process that ran this long was well: its next death starts the back-off anew. */
const WELL_AFTER_MS = 10_000;
/** Whoever ends sooner has not worked at all. */
const EARLY_MS = 5000;
const LOG_BYTES = 20 * 1024 * 1024;

function openLog(file) {
  mkdirSync(dirname(file), { recursive: true });
  const { size } = statSync(file, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size > LOG_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}

/** The last thing a process wrote: a sentence, or a JSON line with the error's own message. */
function lastWords(file) {
  const lines = readFileSync(file, 'utf8').slice(-20_000).trim().split('\n');
  for (const line of lines.reverse()) {
    try {
      const { msg, err } = JSON.parse(line);
      if (err ?? msg) return err?.message?.split('\n')[0] ?? msg;
    } catch {
      if (line.trim()) return line.trim();
    }
  }
  return 'it left no word';
}

export class Supervisor {
  #child;
  #pause = FIRST_PAUSE_MS;
  #stopping = false;
  #timer;
  #why;

  /** @param {{ name: string, command: string, args: string[], env: object, cwd: string, logFile: string, say: Function, changed: Function, explained: () => Promise<boolean> }} options */
  constructor(options) {
    this.options = options;
  }

  get name() {
    return this.options.name;
  }

  get pid() {
    return this.#child?.pid;
  }

  start() {
    const { command, args, env, cwd, logFile } = this.options;
    const log = openLog(logFile);
    const began = Date.now();
    // A group of its own: a signal to the launcher's group reaches the launcher alone, which then stops things in order.
    this.#child = spawn(command, args, { cwd, env, stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    this.#child.on('error', () => void this.#again(began));
    this.#child.on('exit', () => void this.#again(began));
    this.options.changed();
  }

  async #again(began) {
    if (this.#stopping) return;
    const ran = Date.now() - began;
    const blamed = await this.options.explained();
    if (this.#stopping) return;
    if (ran < EARLY_MS && !blamed) this.#tellWhy();
    this.#pause = ran > WELL_AFTER_MS ? FIRST_PAUSE_MS : Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
    this.#timer = setTimeout(() => {
      this.start();
      this.options.say(`started again: ${this.name}`);
    }, this.#pause);
  }

  /** A process that ends right after its start says why in its log; the same reason is told once. */
  #tellWhy() {
    const why = lastWords(this.options.logFile);
    if (why === this.#why) return;
    this.#why = why;
    this.options.say(`${this.name} does not start: ${why} (log: ${this.options.logFile})`);
  }

  /** Asks the process to end, and ends it after the grace period. */
  async stop(graceMs) {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise((resolve) => {
      const kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
      child.once('exit', () => {
        clearTimeout(kill);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }
}
