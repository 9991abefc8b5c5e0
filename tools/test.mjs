// npm test [suite ...]: runs the suites and closes with `N passed, N failed`. Installs what is missing first.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node24, nodeModules, root } from './launcher/paths.mjs';
import { prepare, say } from './launcher/prepare.mjs';
import { everyday, suites } from './suites.mjs';

const args = process.argv.slice(2);
const chosen = args.filter((arg) => arg in suites);
const extra = args.filter((arg) => !(arg in suites));
const names = chosen.length > 0 ? chosen : everyday;

prepare();
const scratch = mkdtempSync(join(tmpdir(), 'parley-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };
const closers = [];

/** Starts what a suite needs and gives the environment that tells the tests where it is. */
const providers = {
  async postgres() {
    const { startEmbedded } = await import('./launcher/database.mjs');
    const postgres = await startEmbedded(join(scratch, 'postgres'), () => undefined);
    closers.push(() => postgres.destroy());
    return { PARLEY_TEST_POSTGRES_URL: postgres.url };
  },
  async kafka() {
    const { startKafka } = await import('./kafka/kafka.mjs');
    const kafka = await startKafka({ dataDir: join(scratch, 'kafka') });
    closers.push(() => kafka.stop());
    return { PARLEY_TEST_KAFKA_BROKERS: kafka.brokers };
  },
  'broker-each': () => ({ PARLEY_E2E_BUS: 'kafka' }),
};
const started = new Map();
function provided(need) {
  if (!started.has(need)) started.set(need, providers[need]());
  return started.get(need);
}

function jest(name, env) {
  const { match, workers } = suites[name];
  const report = join(scratch, `${name}.json`);
  const options = [
    '--config',
    join(root, 'jest.config.mjs'),
    '--maxWorkers',
    String(workers),
    // Only a test that fails or hangs takes this long; a machine that is busy with other things must not fail one.
    '--testTimeout',
    '120000',
    '--testPathIgnorePatterns',
    '/node_modules/',
    '--json',
    '--outputFile',
    report,
  ];
  const patterns = match.flatMap((pattern) => ['--testMatch', pattern]);
  const child = spawn(
    node24,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      join(nodeModules, 'jest/bin/jest.js'),
      ...options,
      ...patterns,
      ...extra,
    ],
    { cwd: root, env: { ...process.env, ...env, NODE_ENV: 'test' }, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return new Promise((resolve) => child.on('exit', (code) => resolve({ code, report })));
}

function add({ code, report }, name) {
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    say(`Suite ${name} ended without a report (code ${code}).`);
    totals.failed += 1;
    return;
  }
  totals.passed += result.numPassedTests;
  totals.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
  totals.skipped += result.numPendingTests + result.numTodoTests;
  if (code !== 0 && result.numFailedTests + result.numRuntimeErrorTestSuites === 0) totals.failed += 1;
}

try {
  for (const name of names) {
    const began = Date.now();
    say(`== suite ${name}`);
    const env = Object.assign({}, ...(await Promise.all(suites[name].needs.map(provided))));
    add(await jest(name, env), name);
    say(`== suite ${name} took ${((Date.now() - began) / 1000).toFixed(0)} s`);
  }
} catch (error) {
  say(error.message);
  totals.failed += 1;
} finally {
  for (const close of closers.reverse()) await close();
  rmSync(scratch, { recursive: true, force: true });
}
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1);
