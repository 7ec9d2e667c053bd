import { defineConfig, type Options } from 'tsup';

/** One entry per subpath of package.json; `.node` is what its `node` export condition leads to. */
const library = {
  index: 'src/index.ts',
  'core/index': 'src/core/index.ts',
  'operators/index': 'src/operators/index.ts',
  'channels/index': 'src/channels/index.ts',
  'tracing/index': 'src/tracing/index.ts',
  'tracing/index.node': 'src/tracing/index.node.ts',
  'pregel/index': 'src/pregel/index.ts',
  'testing/index': 'src/testing/index.ts',
  'testing/index.node': 'src/testing/index.node.ts',
  openai: 'src/openai.ts',
  anthropic: 'src/anthropic.ts',
  sqlite: 'src/sqlite.ts',
  postgres: 'src/postgres.ts',
  otel: 'src/otel.ts',
  'otel.node': 'src/otel.node.ts',
};

const shared: Options = {
  target: 'es2022',
  tsconfig: 'tsconfig.build.json',
  // Code that several entries need sits in shared chunks: `rivulet` and `rivulet/core` hand out the same classes.
  splitting: true,
  sourcemap: true,
  silent: true,
};

/** `tsup` writes the JavaScript (a second: `prepare` does it), `tsup --dts-only` the types (half a minute). */
export default defineConfig(({ dts }) =>
  dts
    ? { ...shared, entry: library, format: ['esm', 'cjs'], dts: { only: true } }
    : [
        { ...shared, entry: { ...library, 'cli/main': 'src/cli/main.ts' }, format: 'esm' },
        { ...shared, entry: library, format: 'cjs' },
      ],
);
