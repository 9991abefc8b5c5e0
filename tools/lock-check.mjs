// Every platform package that a locked package names must itself be locked: `npm install` can silently write a lock without
// some of them, and then `npm ci` fails, here or on another operating system.
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const nameOf = (path) => path.split('node_modules/').at(-1);
const locked = new Set(
  Object.entries(packages).flatMap(([path, { version }]) => [nameOf(path), `${nameOf(path)}@${version}`]),
);
const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
  Object.entries(optionalDependencies)
    .filter(([name, version]) => !locked.has(/^\d/.test(version) ? `${name}@${version}` : name))
    .map(([name]) => `${nameOf(path)} needs ${name}`),
);
const hosts = Object.entries(packages).filter(([, { resolved }]) => /^https?:/.test(resolved ?? ''));
for (const line of missing) console.error(`not in the lock: ${line}`);
for (const [path] of hosts) console.error(`names a registry: ${path}`);
process.exit(missing.length + hosts.length > 0 ? 1 : 0);
