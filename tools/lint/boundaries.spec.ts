import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRules } from './boundaries.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * Projects that are there for the time of the lint only: an app that could be imported by its name, as no real one can, and a
 * project that nobody gave a tag.
 */
const PROJECTS = { 'app-on-purpose': ['type:app', 'scope:app-on-purpose'], 'untagged-on-purpose': [] };

/** One forbidden line per rule: where it stands, what it says, the rule that must object, and what it must say where many rules share a name. */
const BROKEN: readonly (readonly [what: string, folder: string, code: string, rule: string, words?: string])[] = [
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
  [
    'an app imports another app by its name',
    'apps/crm-bridge/src/usecases',
    "import '@parley/app-on-purpose';",
    '@nx/enforce-module-boundaries',
    'tagged with "type:app"',
  ],
  [
    'the test helpers import an app',
    'libs/testing/src',
    "import '@parley/app-on-purpose';",
    '@nx/enforce-module-boundaries',
    'tagged with "type:testing"',
  ],
  [
    'a check imports an app',
    'e2e/src',
    "import '@parley/app-on-purpose';",
    '@nx/enforce-module-boundaries',
    'tagged with "type:check"',
  ],
  [
    'a project without tags imports anything',
    'libs/untagged-on-purpose/src',
    "import '@parley/errors';",
    '@nx/enforce-module-boundaries',
    'without tags',
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
  ...['apps/crm-bridge/src', 'libs/resilience/src'].map(
    (folder) =>
      [`${folder} imports test helpers`, folder, "import '@parley/testing';", 'no-restricted-imports'] as const,
  ),
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
];

type Report = { filePath: string; messages: { ruleId: string | null; message: string }[] }[];

function makeProjects(): void {
  for (const [name, tags] of Object.entries(PROJECTS)) {
    const folder = join(root, 'libs', name);
    const write = (file: string, value: object): void => writeFileSync(join(folder, file), JSON.stringify(value));
    mkdirSync(join(folder, 'src'), { recursive: true });
    writeFileSync(join(folder, 'src/index.ts'), 'export {};\n');
    write('project.json', { name, tags, sourceRoot: `libs/${name}/src` });
    write('package.json', { name: `@parley/${name}`, type: 'module', exports: { '.': './src/index.ts' } });
    write('tsconfig.json', { extends: join(root, 'tsconfig.base.json'), include: ['src'] });
  }
}

describe('the boundaries', () => {
  // Typed lint needs files that exist and belong to a project; they are written, linted together and removed.
  const fileOf = (index: number): string => join(root, BROKEN[index]?.[1] ?? '', `broken-on-purpose-${index}.ts`);
  const reported = new Map<string, string[]>();

  beforeAll(async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'parley-lint-'));
    makeProjects();
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
          messages.map(({ ruleId, message }) => `${ruleId ?? 'fatal'}: ${message}`),
        );
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true });
      for (const name of Object.keys(PROJECTS)) rmSync(join(root, 'libs', name), { recursive: true, force: true });
      BROKEN.forEach((_, index) => rmSync(fileOf(index), { force: true }));
    }
  }, 240_000);

  it.each(BROKEN.map(([what, , , rule, words], index) => [what, rule, words ?? '', index] as const))(
    '%s: %s objects',
    (_what, rule, words, index) => {
      const objections = (reported.get(fileOf(index)) ?? []).filter((line) => line.startsWith(`${rule}: `));
      expect(objections.join('\n')).toContain(words || rule);
    },
  );

  it('know every project by one type', () => {
    const known = packageRules.map(({ sourceTag }) => sourceTag);
    const folders = ['apps', 'libs'].flatMap((kind) => readdirSync(join(root, kind)).map((name) => `${kind}/${name}`));
    for (const folder of [...folders, 'e2e', 'bench']) {
      const { tags } = JSON.parse(readFileSync(join(root, folder, 'project.json'), 'utf8')) as { tags: string[] };
      expect([folder, tags.filter((tag) => known.includes(tag)).length]).toEqual([folder, 1]);
    }
  });
});
