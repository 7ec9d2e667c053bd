import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import * as bans from './eslint/bans.js';
import { documented } from './eslint/documented.js';
import { fileName } from './eslint/fileName.js';

const rivulet = {
  rules: {
    documented,
    'file-name': fileName,
    'no-barrel-imports': bans.noBarrelImports,
    'no-focused-tests': bans.noFocusedTests,
    'no-parking-operators': bans.noParkingOperators,
    'no-platform-modules': bans.noPlatformModules,
    'no-platform-time': bans.noPlatformTime,
    'no-promise-sinks': bans.noPromiseSinks,
    'no-promises': bans.noPromises,
    'plain-modules': bans.plainModules,
  },
};

const TESTS = ['**/*.test.ts'];
/** The floors that know no promise, clock, socket or randomness. */
const PURE = ['src/{core,operators,channels,pregel,agents,adl,tracing}/**/*.ts'];
/** Where those may enter or leave. */
const EDGES = ['src/core/bridge/**', 'src/**/{node,models,providers,mcp,checkpoints,stores,exporters}/**'];
const BARRELS = ['src/*.ts', 'src/*/index.ts', 'src/*/index.node.ts'];

export default defineConfig(
  { ignores: ['dist/', 'coverage/', 'docs/api/', 'tests/.generated/'] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' }, plugins: { rivulet } },
  tseslint.configs.recommended,

  {
    name: 'everywhere',
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { minimumDescriptionLength: 5 }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  {
    name: 'source',
    files: ['src/**/*.ts'],
    rules: {
      'no-console': ['error', { allow: ['warn'] }],
      'rivulet/documented': 'error',
      'rivulet/file-name': 'error',
      'rivulet/no-parking-operators': 'error',
      'rivulet/no-platform-modules': 'error',
      'rivulet/no-promise-sinks': 'error',
      'rivulet/plain-modules': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': true }],
    },
  },
  {
    name: 'functions stay short',
    files: ['src/**/*.ts', 'bench/**', 'examples/**', 'scripts/**', 'eslint/**'],
    rules: { 'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true, IIFEs: true }] },
  },
  {
    name: 'pure floors',
    files: PURE,
    ignores: EDGES,
    rules: { 'rivulet/no-promises': 'error', 'rivulet/no-platform-time': 'error' },
  },
  {
    name: 'nothing imports a barrel but a barrel',
    files: ['src/**/*.ts'],
    ignores: BARRELS,
    rules: { 'rivulet/no-barrel-imports': 'error' },
  },
  {
    name: 'bridge and testing turn Observables into promises',
    files: ['src/core/bridge/**', 'src/testing/**'],
    rules: { 'rivulet/no-promise-sinks': 'off' },
  },
  {
    name: 'the platform object',
    files: ['src/core/bridge/**', 'src/cli/**', 'src/**/node/**', 'src/*/index.node.ts'],
    rules: { 'rivulet/no-platform-modules': 'off' },
  },
  { name: 'the terminal', files: ['src/cli/**'], rules: { 'no-console': 'off' } },
  {
    name: 'promises are awaited where they are allowed',
    files: [...EDGES, 'src/{cli,testing}/**'],
    ignores: TESTS,
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
  {
    name: 'Subscriber internals',
    files: ['src/core/subscription.ts'],
    linterOptions: { noInlineConfig: false, reportUnusedDisableDirectives: 'error' },
  },
  {
    name: 'tests',
    files: TESTS,
    rules: {
      'max-lines-per-function': 'off',
      'no-console': 'off',
      'rivulet/documented': 'off',
      'rivulet/no-barrel-imports': 'off',
      'rivulet/no-focused-tests': 'error',
      'rivulet/no-parking-operators': 'off',
      'rivulet/no-platform-modules': 'off',
      'rivulet/no-platform-time': 'off',
      'rivulet/no-promise-sinks': 'off',
      'rivulet/no-promises': 'off',
      '@typescript-eslint/ban-ts-comment': ['error', { minimumDescriptionLength: 5 }],
    },
  },
  {
    name: 'marble tests run in virtual time',
    files: ['marble-tests/**'],
    rules: { 'rivulet/no-platform-time': 'error' },
  },
);
