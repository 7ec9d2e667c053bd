/** @type {import('jest').Config} */
export default {
  testMatch: ['<rootDir>/{src,tests,marble-tests}/**/*.test.ts'],
  // Type tests have nothing to run: `npm run typecheck` checks them.
  testPathIgnorePatterns: ['/node_modules/', '\\.types\\.test\\.ts$'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testEnvironment: 'node',
  injectGlobals: false,
  maxWorkers: '100%',
  // For what hangs: no test measures time, and a machine may be slow.
  testTimeout: 120_000,
  reporters: ['default', '<rootDir>/scripts/closing-line-reporter.mjs'],

  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: {
    '^rivulet$': '<rootDir>/src/index.ts',
    '^rivulet/(testing|tracing)$': '<rootDir>/src/$1/index.node.ts',
    '^rivulet/otel$': '<rootDir>/src/otel.node.ts',
    '^rivulet/(openai|anthropic|sqlite|postgres)$': '<rootDir>/src/$1.ts',
    '^rivulet/(\\w+)$': '<rootDir>/src/$1/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  // es2022 keeps classes, generators and async functions native: stacks, speed and timing are those of the build.
  transform: {
    '/examples/nest-sse/.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true } } },
    ],
    '\\.tsx?$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript', tsx: false } } }],
  },
};
