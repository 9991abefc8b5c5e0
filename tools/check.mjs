// npm run check: everything CI runs, in one place. Ends with the count of all tests; any failed step fails the whole.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { node24, nodeModules, root } from './launcher/paths.mjs';
import { prepare, say } from './launcher/prepare.mjs';

prepare();
const bin = (name) => join(nodeModules, '.bin', name);
const steps = [
  ['lockfile', node24, ['tools/lock-check.mjs']],
  ['format', bin('prettier'), ['--check', '.', '--log-level', 'warn']],
  ['types', bin('tsc'), ['-b']],
  ['lint', node24, ['tools/lint.mjs']],
  ['protos', node24, ['tools/proto.mjs', '--check']],
  ['content', node24, ['tools/run.mjs', 'content', 'lint']],
  ['model', node24, ['tools/run.mjs', 'train', '--check']],
  ['chart', node24, ['tools/run.mjs', 'chart']],
  ['tests', node24, ['tools/test.mjs', 'unit', 'int', 'e2e', 'kafka', 'e2e-kafka', 'faults']],
];
const env = { ...process.env, NX_DAEMON: 'false', PATH: `${join(nodeModules, '.bin')}:${process.env.PATH}` };
const failed = [];
let count = '0 passed, 0 failed';

for (const [name, command, args] of steps) {
  const began = Date.now();
  say(`-- ${name}`);
  const capture = name === 'tests';
  const done = spawnSync(command, args, {
    cwd: root,
    env,
    encoding: 'utf8',
    stdio: ['ignore', capture ? 'pipe' : 'inherit', 'inherit'],
  });
  if (capture) count = done.stdout.trim().split('\n').at(-1) || count;
  if (done.status !== 0) failed.push(name);
  say(`-- ${name}: ${done.status === 0 ? 'ok' : 'FAILED'} after ${((Date.now() - began) / 1000).toFixed(0)} s`);
}
const [, passed = '0', broken = '0'] = /(\d+) passed, (\d+) failed/.exec(count) ?? [];
const failedSteps = failed.filter((name) => name !== 'tests');
if (failed.length > 0) say(`Failed: ${failed.join(', ')}`);
console.log(
  `${Number(passed) + steps.length - 1 - failedSteps.length} passed, ${Number(broken) + failedSteps.length} failed`,
);
process.exit(failed.length > 0 ? 1 : 0);
