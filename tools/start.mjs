// `npm start`: installs and builds what is missing, then runs Parley on Node 24 until it is told to stop.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { node24 } from './launcher/paths.mjs';
import { prepare } from './launcher/prepare.mjs';

if (process.argv.includes('--help')) {
  console.log(
    'npm start: starts Postgres, all services, the simulator and the desk; Ctrl-C stops them. See README.md.',
  );
  process.exit(0);
}
prepare();
const main = fileURLToPath(new URL('./launcher/main.mjs', import.meta.url));
if (Number(process.versions.node.split('.')[0]) >= 24) await import(main);
else {
  const child = spawn(node24, [main], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
}
