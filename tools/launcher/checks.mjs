// What can be seen of services before, or right after, they are started: settings, ports, readiness.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { replicaCounts } from './environment.mjs';
import { root } from './paths.mjs';
import { owners, separateDatabases } from './placement.mjs';
import { databaseVariable } from './services.mjs';

/** The same setting is read by many; the first to complain says it for all. */
export function oncePerSetting(lines) {
  const problems = new Map();
  for (const line of lines) {
    const [name] = line.split(':', 1);
    if (!problems.has(name)) problems.set(name, line);
  }
  return [...problems.values()];
}

/** Settings that are wrong, as one message. */
export function settingsMessage(problems) {
  const count = problems.length === 1 ? '1 setting is' : `${problems.length} settings are`;
  return `${count} wrong:\n  ${problems.join('\n  ')}`;
}

const isPostgres = (url) => /^postgres(?:ql)?:/.test(url) && URL.canParse(url);

/**
 * What is wrong with the settings that the launcher itself goes by, a line each, without values.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]}
 */
export function launcherProblems(env) {
  const problems = [];
  try {
    replicaCounts(env.PARLEY_REPLICAS);
  } catch (error) {
    problems.push(error.message);
  }
  const variables = ['DATABASE_URL', ...owners.map(databaseVariable), 'VAULT_DATABASE_URL'];
  for (const variable of variables.filter((name) => env[name] && !isPostgres(env[name]))) {
    problems.push(`${variable}: must be a URL like postgres://user@host/database`);
  }
  if (separateDatabases(env) && !env.KAFKA_BROKERS) {
    problems.push('KAFKA_BROKERS: must be set, the services have separate databases and the embedded log needs one');
  }
  return problems;
}

/**
 * Everything the services will not like about their settings, a line each, without values; read in a process of its own, since
 * the services' own code knows what it accepts and is heavy.
 * @param {NodeJS.ProcessEnv} env what the services get
 * @returns {Promise<string[]>}
 */
export function settingProblems(env) {
  const script = fileURLToPath(new URL('./check-settings.mjs', import.meta.url));
  const child = spawn(process.execPath, [script], { cwd: root, env, stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.on('data', (part) => (text += part));
  return new Promise((resolve) => {
    child.on('error', () => resolve([]));
    child.on('close', (code) => resolve(code === 0 ? JSON.parse(text) : []));
  });
}

function isTaken(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.code === 'EADDRINUSE'));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(false)));
  });
}

/**
 * Ports somebody else listens on. Parley would never become ready, or would take a stranger's answer for its own.
 * @param {[setting: string, port: number][]} wanted
 * @returns {Promise<string[]>} a line each
 */
export async function takenPorts(wanted) {
  const real = wanted.filter(([, port]) => Number.isInteger(port) && port > 0 && port <= 65_535);
  const taken = await Promise.all(real.map(([, port]) => isTaken(port)));
  const message = (port) => `port ${port} is taken by another process; stop what listens there, or set another`;
  return real.flatMap(([setting, port], n) => (taken[n] ? [`${setting}: ${message(port)}`] : []));
}

/** Whether a service says at its health address that it is ready. */
export async function isReady(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
