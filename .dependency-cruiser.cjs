/** The floors of the house, lowest first; folders on the same floor don't import each other. */
const FLOORS = [['core'], ['operators', 'channels', 'tracing'], ['pregel'], ['agents'], ['adl'], ['server', 'cli']];

const TESTS = '\\.test\\.ts$';
const BARRELS = '^src/([^/]+|[^/]+/index(\\.node)?)\\.ts$';
const ENTRIES = [BARRELS, '^src/cli/main\\.ts$'];
/** What a browser loads from the package: no Node, no provider's SDK, no database's driver. */
const BROWSER_ENTRIES = '^src/(index|core/index|operators/index|channels/index|pregel/index|tracing/index|testing/index)\\.ts$';
const PROVIDER_ENTRIES = '^src/(openai|anthropic|postgres|otel)\\.ts$';

/** One rule a folder: it may reach its own and those on lower floors. */
const floors = FLOORS.flatMap((floor, height) =>
  floor.map((folder) => {
    const allowed = [folder, ...FLOORS.slice(0, height).flat()];
    return {
      name: `floor-${folder}`,
      comment: `src/${folder} imports only from itself and from the floors below it.`,
      severity: 'error',
      from: { path: `^src/${folder}/`, pathNot: TESTS },
      to: { path: '^src/', pathNot: `^src/(${allowed.join('|')})/` },
    };
  }),
);

module.exports = {
  forbidden: [
    ...floors,
    {
      name: 'testing-is-for-tests',
      comment: 'src/testing may import any floor; none imports it.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: ['^src/testing/', TESTS] },
      to: { path: '^src/testing/' },
    },
    {
      name: 'no-cycle',
      comment: 'No cycles, type-only imports included: put what both need in a file of its own.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'no-barrel-import',
      comment: 'Only a barrel imports a barrel: import the file that owns the name.',
      severity: 'error',
      from: { path: '^src/', pathNot: [BARRELS, TESTS] },
      to: { path: BARRELS },
    },
    {
      name: 'no-test-import',
      comment: 'Tests are imported by nobody.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: TESTS },
    },
    {
      name: 'core-is-rxjs-only',
      comment: 'core is the algebra: rxjs and nothing else.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: TESTS },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-no-pkg'], pathNot: 'node_modules/rxjs/' },
    },
    {
      name: 'one-subpath-a-provider',
      comment: "A provider's SDK or a database's driver is loaded only by its own subpath: keep what imports it out of the other entries.",
      severity: 'error',
      from: { path: BROWSER_ENTRIES },
      to: { path: 'node_modules/(openai|@anthropic-ai|@opentelemetry|libsql|pg)/', reachable: true },
    },
    {
      name: 'browsers-reach-no-node',
      comment: 'What needs Node joins its subpath by index.node.ts; in index.ts the same name throws NODE_ONLY.',
      severity: 'error',
      from: { path: [BROWSER_ENTRIES, PROVIDER_ENTRIES] },
      to: { path: '^src/.+/node/', reachable: true },
    },
    {
      name: 'resolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependency',
      comment: 'What src imports is a dependency or a peer.',
      severity: 'error',
      from: { path: '^src/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm-peer', 'npm', 'type-only'] },
    },
    {
      name: 'unreached',
      comment: 'No entry reaches this file: export what it makes, or delete it.',
      severity: 'error',
      from: { path: ENTRIES },
      to: { path: '^src/', pathNot: [TESTS, ...ENTRIES], reachable: false },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
