// npm run lint [file ...]: eslint with the package boundaries. Those need nx's project graph, which eslint does not make by
// itself: without it the rule would be skipped with a warning.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { node24, nodeModules, root } from './launcher/paths.mjs';

const env = { ...process.env, NX_DAEMON: 'false' };
const run = (file, args, stdio) => spawnSync(node24, [join(nodeModules, file), ...args], { cwd: root, env, stdio });

const graph = run('nx/dist/bin/nx.js', ['show', 'projects'], ['ignore', 'ignore', 'inherit']);
if (graph.status !== 0) process.exit(1);
const args = process.argv.length > 2 ? process.argv.slice(2) : ['.'];
process.exit(run('eslint/bin/eslint.js', ['--max-warnings', '0', ...args], 'inherit').status ?? 1);
