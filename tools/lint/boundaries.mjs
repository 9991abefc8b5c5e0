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
    { group: ['@parley/testing'], message: 'Test helpers are for specs, contracts and test/ only.' },
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

export const folderRules = Object.entries(FOLDERS).map(folderRule);

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
