// What holds for plain JavaScript: commands, the launcher, benchmarks, fault runs and the simulator's pages. No compiler reads it,
// so lint looks for what a compiler would have seen: a name that nothing declares, a value nobody reads, code nobody reaches.

const globals = (...names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

/** What Node and browsers both have. */
const COMMON = globals(
  ...['AbortController', 'AbortSignal', 'TextDecoder', 'TextEncoder', 'URL', 'URLSearchParams', 'WebSocket'],
  ...['clearInterval', 'clearTimeout', 'console', 'crypto', 'fetch', 'performance', 'queueMicrotask'],
  ...['setInterval', 'setTimeout', 'structuredClone'],
);
const NODE = globals('Buffer', 'clearImmediate', 'global', 'process', 'setImmediate');
const BROWSER = globals(
  ...['CustomEvent', 'Event', 'EventSource', 'FormData', 'HTMLElement', 'customElements', 'document', 'history'],
  ...['localStorage', 'location', 'matchMedia', 'navigator', 'requestAnimationFrame', 'window'],
);

const rules = {
  eqeqeq: 'error',
  'constructor-super': 'error',
  'for-direction': 'error',
  'getter-return': 'error',
  'no-async-promise-executor': 'error',
  'no-class-assign': 'error',
  'no-const-assign': 'error',
  'no-constant-binary-expression': 'error',
  'no-constant-condition': ['error', { checkLoops: false }],
  'no-dupe-args': 'error',
  'no-dupe-class-members': 'error',
  'no-dupe-else-if': 'error',
  'no-dupe-keys': 'error',
  'no-duplicate-case': 'error',
  'no-empty': 'error',
  'no-empty-pattern': 'error',
  'no-fallthrough': 'error',
  'no-func-assign': 'error',
  'no-import-assign': 'error',
  'no-loss-of-precision': 'error',
  'no-promise-executor-return': 'off',
  'no-redeclare': 'error',
  'no-self-assign': 'error',
  'no-self-compare': 'error',
  'no-sparse-arrays': 'error',
  'no-template-curly-in-string': 'error',
  'no-this-before-super': 'error',
  'no-undef': 'error',
  'no-unreachable': 'error',
  'no-unsafe-finally': 'error',
  'no-unsafe-negation': 'error',
  'no-unsafe-optional-chaining': 'error',
  'no-unused-private-class-members': 'error',
  'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  'no-useless-catch': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'require-yield': 'error',
  'use-isnan': 'error',
  'valid-typeof': 'error',
  'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
};

const linterOptions = { reportUnusedDisableDirectives: 'error' };

export const scriptRules = [
  {
    files: ['**/*.mjs', '*.js'],
    languageOptions: { sourceType: 'module', globals: { ...COMMON, ...NODE } },
    linterOptions,
    rules: { ...rules, 'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }] },
  },
  {
    files: ['apps/*/src/web/**/*.js'],
    languageOptions: { sourceType: 'module', globals: { ...COMMON, ...BROWSER } },
    linterOptions,
    rules,
  },
  // A tool reads its settings from the default export of these.
  { files: ['*.config.{js,mjs}', '**/*.config.{js,mjs}'], rules: { 'no-restricted-exports': 'off' } },
];
