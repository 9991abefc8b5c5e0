// Runs a command of tools/commands on Node 24, after installing and building what it needs.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { node24 } from './launcher/paths.mjs';
import { prepare } from './launcher/prepare.mjs';

const [name, ...args] = process.argv.slice(2);
const file = fileURLToPath(new URL(`./commands/${name}.mjs`, import.meta.url));
if (!name || !/^[a-z-]+$/.test(name) || !existsSync(file)) {
  console.error(`There is no command "${name ?? ''}". See the table of commands in README.md.`);
  process.exit(2);
}
prepare();
if (Number(process.versions.node.split('.')[0]) >= 24) {
  const { main } = await import(file);
  process.exitCode = await main(args);
} else {
  const child = spawn(node24, [fileURLToPath(import.meta.url), name, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
}
