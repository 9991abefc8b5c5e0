import type { Environment } from './setting.js';

/** Whether a host is this machine itself; a path or nothing is a socket of it. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return name === '' || name.startsWith('/') || /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|::1)$/.test(name);
}

/** Whether settings have to be good enough for customers: `NODE_ENV=production`. */
export function isProduction(env: Environment): boolean {
  return env['NODE_ENV'] === 'production';
}
