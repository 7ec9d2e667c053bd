import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const eslint = new ESLint({
  cwd: fileURLToPath(new URL('../..', import.meta.url)),
  // The snippets are no files of the project, so there are no types to be had.
  overrideConfig: [{ files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }],
});

/** Rules about what every snippet lacks. */
const ELSEWHERE = ['@typescript-eslint/no-unused-vars', 'rivulet/documented'];

/** The rules a snippet breaks. */
async function broken(filePath: string, code: string, but = ELSEWHERE): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  const rules = result?.messages.map(({ ruleId, message }) => ruleId ?? message) ?? [];
  return [...new Set(rules)].filter((rule) => !but.includes(rule));
}

const PURE = 'src/core/flow/lambda.ts';

describe('the pure floors know no promise and no clock', () => {
  test.each([
    ['rivulet/no-promises', 'export async function f() {}'],
    ['rivulet/no-promises', 'export const f = async () => {};'],
    ['rivulet/no-promises', 'export async function* f() {}'],
    ['rivulet/no-promises', 'await x; export {};'],
    ['rivulet/no-promises', 'for await (const y of x) y(); export {};'],
    ['rivulet/no-promises', 'export const p = new Promise(() => {});'],
    ['rivulet/no-promises', 'export const p = Promise.resolve(1);'],
    ['rivulet/no-promises', 'export const p = x.then(() => {});'],
    ['rivulet/no-platform-time', 'setTimeout(() => {}, 1);'],
    ['rivulet/no-platform-time', 'globalThis.setTimeout(() => {}, 1);'],
    ['rivulet/no-platform-time', 'setInterval(() => {}, 1);'],
    ['rivulet/no-platform-time', 'setImmediate(() => {});'],
    ['rivulet/no-platform-time', 'queueMicrotask(() => {});'],
    ['rivulet/no-platform-time', 'export const now = Date.now();'],
    ['rivulet/no-platform-time', 'export const clock = Date.now;'],
    ['rivulet/no-platform-time', 'export const now = new Date();'],
    ['rivulet/no-platform-time', 'export const now = globalThis.performance.now();'],
    ['rivulet/no-platform-time', 'export const r = Math.random();'],
    ['rivulet/no-platform-time', "export const r = Math['random']();"],
    ['rivulet/no-platform-time', 'export const id = crypto.randomUUID();'],
    ['rivulet/no-platform-time', 'export const signal = AbortSignal.timeout(1);'],
    ['rivulet/no-platform-time', "fetch('/');"],
  ])('%s: %s', async (rule, code) => {
    expect(await broken(PURE, code)).toEqual([rule]);
    for (const area of ['operators/tools', 'channels', 'pregel/engine', 'agents', 'adl', 'tracing']) {
      expect(await broken(`src/${area}/thing.ts`, code)).toEqual([rule]);
    }
  });

  test.each([
    ['the type', 'export type F = () => Promise<string>;'],
    ['a given time', 'export const then = (at: number) => new Date(at);'],
    ['a variable of that name', 'export const f = (fetch: () => void) => fetch();'],
    ['arithmetic', 'export const f = (n: number) => Math.max(n, 1);'],
    ['a property of that name', 'export const f = (run: { setTimeout(): void }) => run.setTimeout();'],
  ])('%s is fine: %s', async (_what, code) => {
    expect(await broken(PURE, code)).toEqual([]);
  });

  test.each([
    'src/core/bridge/fromCallback.ts',
    'src/operators/models/openaiModel.ts',
    'src/agents/research/providers/search.ts',
    'src/agents/mcp/client.ts',
    'src/pregel/checkpoints/memory.ts',
    'src/pregel/stores/memory.ts',
    'src/tracing/exporters/otlp.ts',
    'src/adl/node/load.ts',
    'src/cli/main.ts',
    'src/testing/marbles.ts',
    'src/core/flow/lambda.test.ts',
  ])('the edge %s may', async (path) => {
    const code = 'export async function f() { await fetch("/"); return Date.now() + Math.random(); }';
    expect(await broken(path, code)).toEqual([]);
  });
});

describe('src', () => {
  test.each([
    ['rivulet/no-parking-operators', "import { mergeMap } from 'rxjs';"],
    ['rivulet/no-parking-operators', "import { concatMap as c } from 'rxjs';"],
    ['rivulet/no-parking-operators', "import { shareReplay } from 'rxjs/operators';"],
    ['rivulet/no-parking-operators', "export { expand } from 'rxjs';"],
    ['rivulet/no-parking-operators', "import * as rx from 'rxjs';"],
    ['rivulet/no-parking-operators', "import { x } from 'rxjs/internal/x';"],
    ['rivulet/no-parking-operators', 'export const s = new ReplaySubject();'],
    ['rivulet/no-promise-sinks', "import { firstValueFrom } from 'rxjs';"],
    ['rivulet/no-promise-sinks', "import { lastValueFrom } from 'rxjs';"],
    ['rivulet/no-platform-modules', "import { readFileSync } from 'node:fs';"],
    ['rivulet/no-platform-modules', "import { readFile } from 'fs/promises';"],
    ['rivulet/no-platform-modules', "export const m = () => import('node:fs');"],
    ['rivulet/no-platform-modules', 'export const e = process.env;'],
    ['rivulet/no-platform-modules', "export const b = Buffer.from('x');"],
    ['rivulet/no-barrel-imports', "import { x } from '../index.js';"],
    ['rivulet/no-barrel-imports', "export { x } from '../../testing/index.node.js';"],
    ['rivulet/no-barrel-imports', "import { x } from 'rivulet/core';"],
    ['rivulet/plain-modules', 'export default 1;'],
    ['rivulet/plain-modules', "export * from './flow.js';"],
    ['rivulet/plain-modules', 'export enum Role { User }'],
    ['@typescript-eslint/no-explicit-any', 'export const f = (x: any) => x;'],
    ['@typescript-eslint/ban-ts-comment', '// @ts-ignore because\nexport const x = 1;'],
    ['@typescript-eslint/ban-ts-comment', '// @ts-expect-error because it is wrong\nexport const x = 1;'],
    ['@typescript-eslint/no-namespace', '/* eslint-disable */ export namespace N { export const x = 1; }'],
    ['@typescript-eslint/consistent-type-imports', "import { T } from './t.js'; export type U = T;"],
    ['no-console', "console.log('x');"],
  ])('%s: %s', async (rule, code) => {
    expect(await broken(PURE, code)).toContain(rule);
  });

  test.each([
    ['export function f() {}', 1],
    ['export const x = 1;', 1],
    ['// Not for readers.\nexport class X {}', 1],
    ['/** Does. */\nexport function f() {}', 0],
    ['/** Does. */\nexport function f(): void;\nexport function f(x?: string) { return x; }', 0],
    ['export type T = string;', 0],
    ['function f() {}\nf();', 0],
  ])('an exported value is documented: %s', async (code, count) => {
    expect(await broken(PURE, code, [])).toEqual(count ? ['rivulet/documented'] : []);
  });

  test('files end at 400 lines, functions at 40', async () => {
    expect(await broken(PURE, 'export {};\n'.repeat(400))).toEqual([]);
    expect(await broken(PURE, 'export {};\n'.repeat(401))).toEqual(['max-lines']);
    expect(await broken(PURE, `export function f() {${'\nf();'.repeat(38)}\n}`)).toEqual([]);
    expect(await broken(PURE, `export function f() {${'\nf();'.repeat(39)}\n}`)).toEqual(['max-lines-per-function']);
  });

  test('the messages name the way out', async () => {
    const [result] = await eslint.lintText("import { mergeMap, share, expand } from 'rxjs';", { filePath: PURE });
    const messages = result?.messages.map(({ message }) => message).join('\n');
    for (const way of ['mapAsync', 'each', 'broadcast', 'iterate']) expect(messages).toContain(way);
  });

  test.each([
    ['src/core/bridge/toPromise.ts', "export { firstValueFrom } from 'rxjs';"],
    ['src/testing/expectRun.ts', "export { lastValueFrom } from 'rxjs';"],
    ['src/testing/node/record.ts', "export { readFileSync } from 'node:fs';"],
    ['src/cli/main.ts', "console.log('x'); export { readFileSync } from 'node:fs';"],
    ['src/index.ts', "export { chain } from './core/index.js';"],
    ['src/core/flow/RunStream.ts', 'export class RunStream {}'],
    ['src/testing/index.node.ts', "export { record } from './node/record.js';"],
    ['src/core/flow/chain.types.test.ts', '// @ts-expect-error a string is no number\nexport const x: number = "";'],
    ['src/core/flow/each.test.ts', "export { mergeMap } from 'rxjs';"],
  ])('%s may: %s', async (path, code) => {
    expect(await broken(path, code)).toEqual([]);
  });

  test.each([
    'src/core/utils.ts',
    'src/core/flow/runHelpers.ts',
    'src/core/ConnectionManager.ts',
    'src/operators/common/thing.ts',
    'src/core/run-config.ts',
    'src/core/flow/index.ts',
  ])('%s is no name', async (path) => {
    expect(await broken(path, 'export {};')).toEqual(['rivulet/file-name']);
  });

  test('subscription.ts alone may disable a rule, and only where it is needed', async () => {
    const code = '// eslint-disable-next-line @typescript-eslint/no-explicit-any\nexport const f = (x: any) => x;';
    expect(await broken('src/core/subscription.ts', code)).toEqual([]);
    expect(await broken('src/core/demand/gate.ts', code)).toContain('@typescript-eslint/no-explicit-any');
    const idle = '// eslint-disable-next-line @typescript-eslint/no-explicit-any\nexport const x = 1;';
    expect((await broken('src/core/subscription.ts', idle)).join()).toContain('Unused eslint-disable');
  });
});

describe('tests', () => {
  test.each([
    ['rivulet/no-focused-tests', 'src/core/flow/chain.test.ts', "test.only('x', () => {});"],
    ['rivulet/no-focused-tests', 'marble-tests/core/chain.marble.test.ts', "describe.skip('x', () => {});"],
    ['rivulet/no-platform-time', 'marble-tests/core/chain.marble.test.ts', 'setTimeout(() => {}, 1);'],
    ['@typescript-eslint/no-explicit-any', 'tests/x.test.ts', 'export const f = (x: any) => x;'],
  ])('%s in %s: %s', async (rule, path, code) => {
    expect(await broken(path, code)).toEqual([rule]);
  });
});
