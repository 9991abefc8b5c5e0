// npm run leaks: pushes secrets and personal data through every path of a whole Parley, and looks for them in all it wrote.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node24, nodeModules, root } from '../launcher/paths.mjs';

const USAGE = `npm run leaks                 on the embedded bus, a few minutes
npm run leaks -- --kafka      the same on a Kafka broker of its own (Java 17, Maven)
npm run leaks -- --paths      also lists every path that was exercised`;

const OPTIONS = ['--kafka', '--paths'];

function run(report, kafka) {
  const jest = join(nodeModules, 'jest/bin/jest.js');
  const options = ['--config', join(root, 'jest.config.mjs'), '--testTimeout', '120000'];
  const match = ['--testPathIgnorePatterns', '/node_modules/', '--testMatch', '**/leaks.e2e-spec.ts'];
  const env = { ...process.env, PARLEY_LEAKS_REPORT: report, ...(kafka ? { PARLEY_E2E_BUS: 'kafka' } : {}) };
  const child = spawn(node24, ['--experimental-vm-modules', '--no-warnings', jest, ...options, ...match], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (data) => (said += data));
  return new Promise((resolve) => child.on('exit', (code) => resolve({ code, said })));
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function print({ paths, needles, patterns, rows, leaks, excused }, withPaths) {
  if (withPaths) console.table(paths);
  const pushed = paths.reduce((sum, { times }) => sum + times, 0);
  console.log(`${paths.length} paths exercised, ${pushed} times; ${needles} needles in ${patterns} forms.`);
  console.table(rows);
  for (const { why, times, weakness } of excused) {
    console.log(`${weakness ? 'known weakness' : 'meant to be there'}, ${times}x: ${why}`);
  }
  if (leaks.length > 0) console.table(leaks.slice(0, 100));
}

export async function main(args) {
  if (args.some((arg) => !OPTIONS.includes(arg))) {
    console.error(USAGE);
    return args.includes('--help') ? 0 : 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'parley-leaks-report-'));
  const file = join(folder, 'report.json');
  try {
    console.log('Starting a Parley of its own, and pushing secrets and personal data through it. This takes minutes.');
    const { code, said } = await run(file, args.includes('--kafka'));
    const report = read(file);
    if (report) print(report, args.includes('--paths'));
    if (code !== 0 && !report?.leaks.length) console.error(said.trim());
    const bytes = report?.rows.reduce((sum, row) => sum + row.bytes, 0) ?? 0;
    console.log(
      report
        ? `${(bytes / 1e6).toFixed(0)} MB scanned, ${report.leaks.length} leaks found.`
        : 'The run did not get to its end.',
    );
    return code === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
