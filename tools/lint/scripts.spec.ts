import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../launcher/paths.mjs';

type Report = { messages: { ruleId: string | null; message: string }[] }[];

/** What lint says to a file that is not there. */
function objections(file: string, code: string): string[] {
  const { JEST_WORKER_ID: _worker, ...env } = process.env;
  const args = [
    join(root, 'node_modules/eslint/bin/eslint.js'),
    '--format',
    'json',
    '--stdin',
    '--stdin-filename',
    file,
  ];
  const { stdout } = spawnSync(process.execPath, args, { cwd: root, env, input: code, encoding: 'utf8' });
  const [report] = JSON.parse(stdout) as Report;
  return (report?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

const BROKEN = `const unread = 1;
export function run() {
  undeclared();
  return;
  process.exit();
}
export default run;
`;

describe('lint of plain JavaScript', () => {
  it.each([
    'tools/launcher/on-purpose.mjs',
    'e2e/faults/on-purpose.mjs',
    'bench/on-purpose.mjs',
    'apps/desk/test/on-purpose.mjs',
  ])('reads %s', (file) => {
    expect(objections(file, BROKEN)).toEqual(['no-unused-vars', 'no-undef', 'no-unreachable', 'no-restricted-exports']);
  });

  it('knows that a page has a document and no process', () => {
    expect(objections('apps/simulator/src/web/on-purpose.js', 'document.title = process.title;\n')).toEqual([
      'no-undef',
    ]);
  });
});
