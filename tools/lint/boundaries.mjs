// Who may import whom: between packages (nx tags) and between the folders of one service. Each rule here is kept alive by
// boundaries.spec.ts, which breaks it and expects lint to fail.

/** Between packages. */
export const packageRules = [
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:contract', 'type:kit', 'type:kernel', 'type:testing'] },
  { sourceTag: 'type:kit', onlyDependOnLibsWithTags: ['type:kernel', 'type:contract', 'type:kit', 'type:testing'] },
  { sourceTag: 'type:kernel', onlyDependOnLibsWithTags: ['type:kernel'] },
  { sourceTag: 'type:contract', onlyDependOnLibsWithTags: ['type:contract'] },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:kernel', 'type:contract', 'type:kit'] },
  {
    sourceTag: 'type:check',
    onlyDependOnLibsWithTags: ['type:kernel', 'type:contract', 'type:kit', 'type:testing'],
  },
];

/** Folders of a service, and the folders of the same service each may import from. */
const FOLDERS = {
  domain: ['domain'],
  ports: ['ports', 'domain'],
  usecases: ['usecases', 'ports', 'domain'],
  inbound: ['inbound', 'usecases', 'ports', 'domain'],
  outbound: ['outbound', 'ports', 'domain'],
  migrations: ['migrations'],
};
const ALL = [...Object.keys(FOLDERS), 'app.module', 'main', 'config'];
const TESTS = ['**/*.spec.ts', '**/*.contract.ts'];

const NO_TEST_HELPERS = {
  group: ['@parley/testing', '@parley/testing/*'],
  message: 'Test helpers are for specs, contracts and test/ only.',
};

/** Packages that make a folder depend on a framework or on the world outside. */
const IMPURE = [
  '@nestjs/*',
  'typeorm',
  'pg',
  'kafkajs',
  '@grpc/*',
  'undici',
  'express',
  'node:fs',
  'node:fs/*',
  'node:net',
  'node:http',
];

function folderRule([folder, allowed]) {
  const forbidden = ALL.filter((other) => !allowed.includes(other));
  const patterns = [
    {
      group: forbidden.flatMap((other) => [
        `../${other}`,
        `../${other}/*`,
        `../${other}.js`,
        `../../${other}/*`,
        `../../${other}.js`,
        `../**/${other}/*`,
      ]),
      message: `${folder}/ may import from ${allowed.join(', ')} only; app.module.ts joins them.`,
    },
    NO_TEST_HELPERS,
  ];
  if (folder === 'domain' || folder === 'usecases') {
    patterns.push({ group: IMPURE, message: `${folder}/ knows no framework, no driver and no I/O.` });
  }
  return {
    files: [`apps/*/src/${folder}/**/*.ts`],
    ignores: TESTS,
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
}

/** What stands beside a service's folders, and the libraries, are product code too. */
const productRule = {
  files: ['apps/*/src/*.ts', 'libs/*/src/**/*.ts'],
  ignores: [...TESTS, 'libs/testing/**'],
  rules: { 'no-restricted-imports': ['error', { patterns: [NO_TEST_HELPERS] }] },
};

export const folderRules = [...Object.entries(FOLDERS).map(folderRule), productRule];

/** The environment is read in one place for each service. */
export const environmentRule = {
  files: ['apps/*/src/**/*.ts'],
  ignores: ['apps/*/src/config.ts', '**/*.spec.ts'],
  rules: {
    'no-restricted-properties': [
      'error',
      { object: 'process', property: 'env', message: 'Only config.ts reads the environment.' },
    ],
  },
};
