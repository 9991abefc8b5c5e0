// Runs one process and starts it again when it dies, with back-off and one line that says so.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
/** A process that ran this long was well: its next death starts the back-off anew. */
const WELL_AFTER_MS = 10_000;
const LOG_BYTES = 20 * 1024 * 1024;

function openLog(file) {
  mkdirSync(dirname(file), { recursive: true });
  const { size } = statSync(file, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size > LOG_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}

export class Supervisor {
  #child;
  #pause = FIRST_PAUSE_MS;
  #stopping = false;
  #timer;

  /** @param {{ name: string, command: string, args: string[], env: object, cwd: string, logFile: string, say: Function, changed: Function }} options */
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
    this.#child.on('error', () => this.#again(began));
    this.#child.on('exit', (code, signal) => this.#again(began, signal ?? `code ${code}`));
    this.options.changed();
  }

  #again(began) {
    if (this.#stopping) return;
    this.#pause = Date.now() - began > WELL_AFTER_MS ? FIRST_PAUSE_MS : Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
    this.#timer = setTimeout(() => {
      this.start();
      this.options.say(`started again: ${this.name}`);
    }, this.#pause);
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
