// What can be seen of services before, or right after, they are started: settings, ports, readiness.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { root } from './paths.mjs';

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
 * @returns {Promise<string[]>} "8080 (GATEWAY_PORT)"
 */
export async function takenPorts(wanted) {
  const real = wanted.filter(([, port]) => Number.isInteger(port) && port > 0 && port <= 65_535);
  const taken = await Promise.all(real.map(([, port]) => isTaken(port)));
  return real.flatMap(([setting, port], n) => (taken[n] ? [`${port} (${setting})`] : []));
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
