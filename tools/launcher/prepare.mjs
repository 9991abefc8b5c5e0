// Stage one, for any Node from 20 on: installs what is missing, builds what is stale. Plain JavaScript, no dependency.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { node24, nodeModules, root } from './paths.mjs';

const tickerFile = fileURLToPath(new URL('./ticker.mjs', import.meta.url));
const installStamp = join(nodeModules, '.parley-installed');
const buildStamp = join(root, 'node_modules/.parley-built');

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
const hash = (text) => createHash('sha256').update(text).digest('hex');

/** One line for people, on standard error so that a command's own output stays clean. */
export const say = (line) => process.stderr.write(`${line}\n`);

function run(command, args, what) {
  const began = Date.now();
  say(`${what} ...`);
  const env = { ...process.env, NX_DAEMON: 'false', PATH: `${join(nodeModules, '.bin')}:${process.env.PATH}` };
  const ticker = spawn(process.execPath, [tickerFile, what, String(process.pid)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const done = spawnSync(command, args, { cwd: root, env, encoding: 'utf8', maxBuffer: 1 << 26 });
  ticker.kill();
  if (done.status !== 0) {
    const detail = `${done.stdout ?? ''}${done.stderr ?? ''}`.trim().split('\n').slice(-30).join('\n');
    say(
      `${detail}\n${what} failed. ${done.error?.message ?? `"${command} ${args.join(' ')}" ended with ${done.status}`}`,
    );
    process.exit(1);
  }
  say(`${what} took ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

function installed() {
  return existsSync(node24) && read(installStamp) === hash(read(join(root, 'package-lock.json')));
}

/** Sources that end up in a build, with size and time: enough to know that nothing was touched. */
function sourceState() {
  const rows = [];
  const walk = (dir) => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      const path = join(dir, entry.name);
      if (entry.isDirectory()) {
        if (!['node_modules', 'dist', 'dist-types', 'test'].includes(entry.name)) walk(path);
      } else {
        const { size, mtimeMs } = statSync(path);
        rows.push(`${path}:${size}:${mtimeMs}`);
      }
    }
  };
  walk(join(root, 'apps'));
  walk(join(root, 'libs'));
  return hash(rows.sort().join('\n'));
}

function built(state) {
  const names = ['apps', 'libs'].flatMap((kind) => readdirSync(join(root, kind)).map((name) => join(root, kind, name)));
  const packages = names.filter((dir) => existsSync(join(dir, 'project.json')));
  return read(buildStamp) === state && packages.every((dir) => existsSync(join(dir, 'dist')));
}

/**
 * How npm is told to install. The tools of the build are development dependencies, which npm leaves out when NODE_ENV is
 * `production`; the services still run as it says.
 * @param {boolean} ci start from an empty folder: that would pull the ground from under whatever runs from this clone
 */
export const installArguments = (ci) => [
  ci ? 'ci' : 'install',
  '--include=dev',
  '--no-audit',
  '--no-fund',
  '--no-progress',
];

/** Leaves a clone in which every command can run. Exits the process with one line when that cannot be had. */
export function prepare({ build = true } = {}) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) {
    say(`Parley needs Node 20 or newer to start (this is ${process.versions.node}); it brings its own Node 24.`);
    process.exit(1);
  }
  if (!installed()) {
    run('npm', installArguments(!existsSync(node24)), 'Installing packages');
    if (!existsSync(node24)) {
      say('The npm package "node" did not bring its binary. Allow its install script: npm approve-scripts node');
      process.exit(1);
    }
    writeFileSync(installStamp, hash(read(join(root, 'package-lock.json'))));
  }
  if (!build) return;
  const state = sourceState();
  if (built(state)) return;
  run(node24, [join(nodeModules, 'nx/dist/bin/nx.js'), 'run-many', '-t', 'build', '--output-style=static'], 'Building');
  mkdirSync(nodeModules, { recursive: true });
  writeFileSync(buildStamp, state);
}
