import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** One forbidden line per rule: where it stands, what it says, and the rule that must object. */
const BROKEN = [
  [
    'an app imports another app',
    'apps/crm-bridge/src/usecases',
    "import '../../../erp-bridge/src/config.js';",
    '@nx/enforce-module-boundaries',
  ],
  ['a kernel library imports a kit', 'libs/errors/src', "import '@parley/config';", '@nx/enforce-module-boundaries'],
  [
    'a contract imports a kernel library',
    'libs/contracts/src',
    "import '@parley/errors';",
    '@nx/enforce-module-boundaries',
  ],
  [
    'a kit imports an app',
    'libs/resilience/src',
    "import '../../../apps/gateway/src/config.js';",
    '@nx/enforce-module-boundaries',
  ],
  [
    'a project reaches into another by path',
    'apps/crm-bridge/src/usecases',
    "import '../../../../libs/errors/src/codes.js';",
    '@nx/enforce-module-boundaries',
  ],
  ['domain imports a use case', 'apps/crm-bridge/src/domain', "import '../usecases/x.js';", 'no-restricted-imports'],
  ['domain imports a framework', 'apps/crm-bridge/src/domain', "import '@nestjs/common';", 'no-restricted-imports'],
  [
    'a use case imports an adapter',
    'apps/crm-bridge/src/usecases',
    "import '../outbound/built-in/x.js';",
    'no-restricted-imports',
  ],
  ['a use case imports a driver', 'apps/crm-bridge/src/usecases', "import 'pg';", 'no-restricted-imports'],
  [
    'a port imports an adapter',
    'apps/crm-bridge/src/ports',
    "import '../outbound/built-in/x.js';",
    'no-restricted-imports',
  ],
  [
    'inbound imports an adapter',
    'apps/crm-bridge/src/inbound',
    "import '../outbound/built-in/x.js';",
    'no-restricted-imports',
  ],
  [
    'an adapter imports a use case',
    'apps/crm-bridge/src/outbound/built-in',
    "import '../../usecases/x.js';",
    'no-restricted-imports',
  ],
  [
    'a migration imports the domain',
    'apps/crm-bridge/src/migrations',
    "import '../domain/x.js';",
    'no-restricted-imports',
  ],
  [
    'product code imports test helpers',
    'apps/crm-bridge/src/domain',
    "import '@parley/testing';",
    'no-restricted-imports',
  ],
  [
    'a use case reads the environment',
    'apps/crm-bridge/src/usecases',
    'export const x = process.env;',
    'no-restricted-properties',
  ],
  [
    'a file exports a default',
    'apps/crm-bridge/src/domain',
    'const x = 1;\nexport default x;',
    'no-restricted-exports',
  ],
  ['any is used', 'apps/crm-bridge/src/domain', 'export const x: any = 1;', '@typescript-eslint/no-explicit-any'],
  ['a promise floats', 'apps/crm-bridge/src/domain', 'Promise.resolve(1);', '@typescript-eslint/no-floating-promises'],
] as const;

type Report = { filePath: string; messages: { ruleId: string | null }[] }[];

describe('the boundaries', () => {
  // Typed lint needs files that exist and belong to a project; they are written, linted together and removed.
  const fileOf = (index: number): string => join(root, BROKEN[index]?.[1] ?? '', `broken-on-purpose-${index}.ts`);
  const reported = new Map<string, string[]>();

  beforeAll(async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'parley-lint-'));
    BROKEN.forEach(([, , code], index) => writeFileSync(fileOf(index), `${code}\n`));
    try {
      // As a command: inside a test runner the package rules stay silent.
      const files = BROKEN.map((_, index) => fileOf(index));
      const report = join(scratch, 'report.json');
      const { JEST_WORKER_ID: _worker, ...env } = process.env;
      const args = [join(root, 'tools/lint.mjs'), '--format', 'json', '--output-file', report, ...files];
      spawnSync(process.execPath, args, { cwd: root, env, stdio: 'ignore' });
      const results = JSON.parse(readFileSync(report, 'utf8')) as Report;
      for (const { filePath, messages } of results) {
        reported.set(
          filePath,
          messages.map(({ ruleId }) => ruleId ?? 'fatal'),
        );
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true });
      BROKEN.forEach((_, index) => rmSync(fileOf(index), { force: true }));
    }
  }, 120_000);

  it.each(BROKEN.map(([what, , , rule], index) => [what, rule, index] as const))(
    '%s: %s objects',
    (_what, rule, index) => {
      expect(reported.get(fileOf(index))).toContain(rule);
    },
  );
});
