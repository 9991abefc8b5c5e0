import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { environmentRule, folderRules, packageRules } from './tools/lint/boundaries.mjs';
import { scriptRules } from './tools/lint/scripts.mjs';

export default tseslint.config(
  {
    ignores: ['**/dist', '**/dist-types', '**/gen/**', '.*/**'],
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeCheckedOnly],
    plugins: { '@nx': nx, '@typescript-eslint': tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-assertions': 'error',
      // Ports are implemented by adapters that need not wait for anything.
      '@typescript-eslint/require-await': 'off',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      '@nx/enforce-module-boundaries': ['error', { allow: [], depConstraints: packageRules }],
    },
  },
  ...scriptRules,
  environmentRule,
  ...folderRules,
  {
    files: [
      '**/*.spec.ts',
      '**/*.int-spec.ts',
      '**/*.kafka-spec.ts',
      '**/*.e2e-spec.ts',
      '**/*.kafka-e2e-spec.ts',
      '**/*.faults-spec.ts',
      '**/*.contract.ts',
    ],
    rules: {
      // A describe block is one function, as long as its subject needs.
      'max-lines-per-function': 'off',
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
