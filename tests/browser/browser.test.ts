import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { build, type BuildResult, type Plugin } from 'esbuild';
import type * as Program from './program.js';

const root = new URL('../../', import.meta.url);

interface Conditions {
  readonly browser?: Conditions;
  readonly import: { readonly default: string };
}
const { exports, peerDependenciesMeta } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  readonly exports: Readonly<Record<string, Conditions>>;
  readonly peerDependenciesMeta: Readonly<Record<string, unknown>>;
};
const OPTIONAL = Object.keys(peerDependenciesMeta);

/** The subpaths that drag a driver in are for servers; the others are for everywhere. */
const DRIVERS = ['./openai', './anthropic', './sqlite', './postgres', './otel', './mcp'];
const SUBPATHS = Object.keys(exports).filter((subpath) => subpath !== './package.json' && !DRIVERS.includes(subpath));

/** Leads `rivulet…` where package.json leads a browser, but to the source of it, so that nothing has to be built. */
const rivulet: Plugin = {
  name: 'rivulet',
  setup({ onResolve }) {
    onResolve({ filter: /^rivulet(\/|$)/ }, ({ path }) => {
      const target = exports[path.replace('rivulet', '.')] as Conditions;
      const file = (target.browser ?? target).import.default;
      return { path: fileURLToPath(new URL(file.replace('./dist/', 'src/').replace(/\.js$/, '.ts'), root)) };
    });
  },
};

/** What a browser's window has of what programs use; and of Node it has nothing. */
const WINDOW = {
  AbortController, AbortSignal, clearInterval, clearTimeout, console, crypto, DOMException, Event, EventTarget, performance, queueMicrotask,
  ReadableStream, setInterval, setTimeout, structuredClone, TextDecoder, TextEncoder, TransformStream, URL, WritableStream,
};

const bundle = (entry: string): Promise<BuildResult<{ metafile: true; write: false }>> =>
  build({
    stdin: { contents: entry, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
    absWorkingDir: fileURLToPath(root),
    bundle: true,
    write: false,
    metafile: true,
    format: 'iife',
    globalName: 'program',
    platform: 'browser',
    conditions: ['browser'],
    target: 'es2022',
    external: OPTIONAL,
    tsconfigRaw: {}, // else its paths lead to what Node gets
    plugins: [rivulet],
    logLevel: 'silent',
  });

describe('bundled for a browser', () => {
  test.each(SUBPATHS)('%s asks for nothing of Node, and for an optional peer only once it is needed', async (subpath) => {
    const { metafile } = await bundle(`export * from 'rivulet${subpath.slice(1)}';`);
    const files = Object.keys(metafile.inputs);
    const asked = Object.values(metafile.inputs).flatMap(({ imports }) => imports);
    const external = Object.values(metafile.outputs).flatMap(({ imports }) => imports);

    expect(files.filter((file) => file.startsWith('src/'))).not.toEqual([]);
    expect(files.filter((file) => file.includes('/node/'))).toEqual([]);
    expect(asked.filter(({ path }) => path.startsWith('node:') || builtinModules.includes(path))).toEqual([]);
    expect(external.filter(({ path, kind }) => kind !== 'dynamic-import' || !OPTIONAL.includes(path))).toEqual([]);
  });
});

describe('in a window without process, Buffer, require and eval', () => {
  let program: typeof Program;
  beforeAll(async () => {
    const { outputFiles } = await bundle(`export * from './program.js';`);
    const window = createContext({ ...WINDOW }, { codeGeneration: { strings: false, wasm: false } });
    for (const { text } of outputFiles) runInContext(text, window);
    program = (window as { program: typeof Program }).program;
  });

  /** Plain data of the window's own realm, as data of the test's. */
  const plain = async <T>(value: T | Promise<T>): Promise<T> => JSON.parse(JSON.stringify(await value)) as T;

  test('a chain is invoked', async () => {
    expect(await program.invoke()).toBe('Oh tea, dear tea!');
  });

  test('streams its pieces, to a loop and as a ReadableStream', async () => {
    expect(await plain(program.stream())).toEqual(['Oh ', 'tea, ', 'dear ', 'tea!']);
    expect(await plain(program.readable())).toEqual(['Oh ', 'tea, ', 'dear ', 'tea!']);
  });

  test('leaving the loop leaves the model', async () => {
    expect(await plain(program.cancel())).toEqual({ pieces: ['Oh ', 'tea, '], asked: [false, true, false] });
  });

  test('an aborted signal cancels', async () => {
    expect(await program.abort()).toBe('CANCELLED');
  });

  test('tells its events', async () => {
    expect(await plain(program.events())).toEqual(expect.arrayContaining(['run_start', 'token', 'run_end']));
  });

  test('calls tools, with arguments checked by zod or by JSON Schema', async () => {
    expect(await plain(program.callTools())).toEqual(['= 4', '= 4']);
  });

  test('runs marble tests', async () => {
    expect(await plain(program.marbleTests())).toEqual(['passed', 'ExpectationError']);
  });

  test('what needs Node says so', async () => {
    expect(await plain(program.nodeOnly())).toEqual(['NODE_ONLY', 'NODE_ONLY']);
  });
});
