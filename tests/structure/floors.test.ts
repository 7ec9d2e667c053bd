import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** What dependency-cruiser finds in the `src` of a folder, as `rule: from -> to`. */
function violations(cwd: string): string[] {
  const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(root, '.dependency-cruiser.cjs');
  const { stdout, stderr } = spawnSync(process.execPath, [cruiser, 'src', '--config', config, '--output-type', 'json'], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (!stdout) throw new Error(stderr);
  const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } };
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
}

test('the house stands on its floors', () => {
  expect(violations(root)).toEqual([]);
});

describe('a house that does not', () => {
  const house = mkdtempSync(join(tmpdir(), 'rivulet-floors-'));
  let found: string[] = [];

  beforeAll(() => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(house, path)), { recursive: true });
      writeFileSync(join(house, path), text);
    }
    found = violations(house);
  });
  afterAll(() => rmSync(house, { recursive: true, force: true }));

  const files: Record<string, string> = {
    'package.json': '{ "type": "module", "peerDependencies": { "rxjs": "*", "zod": "*", "openai": "*" }, "devDependencies": { "rxjs": "*", "yaml": "*" } }',
    'src/index.ts': "export { up, up as sideways, zod } from './core/up.js'; export { kit } from './operators/kit.js'; export { sdk } from './operators/sdk.js';",
    'src/openai.ts': "export { file } from './operators/node/file.js';",
    'src/core/index.ts': "export { up } from './up.js';",
    'src/core/up.ts': "import { z } from 'zod'; import { of } from 'rxjs'; import { append } from '../channels/append.js'; export const up = append; export const zod = z; export { of };",
    'src/channels/append.ts': "import type { Trim } from '../operators/trim.js'; export const append = (trim: Trim) => trim;",
    'src/operators/trim.ts': "import type { Kit } from './kit.js'; export interface Trim { kit: Kit }",
    'src/operators/kit.ts': "import type { Trim } from './trim.js'; export interface Kit { trim: Trim } export { marbles as kit } from '../testing/marbles.js';",
    'src/operators/sdk.ts': "import OpenAI from 'openai'; import { parse } from 'yaml'; import { up } from '../core/index.js'; export const sdk = [OpenAI, parse, up];",
    'src/operators/lost.ts': "export { gone } from './gone.js';",
    'src/operators/node/file.ts': 'export const file = 1;',
    'src/testing/marbles.ts': "export const marbles = 1;",
    ...Object.fromEntries(
      ['rxjs', 'zod', 'openai', 'yaml'].flatMap((name) => [
        [`node_modules/${name}/package.json`, `{ "name": "${name}", "version": "1.0.0", "main": "index.js" }`],
        [`node_modules/${name}/index.js`, 'exports.x = 1;'],
      ]),
    ),
  };

  test.each([
    ['core reaches up', 'floor-core: src/core/up.ts -> src/channels/append.ts'],
    ['one floor reaches sideways, by a type', 'floor-channels: src/channels/append.ts -> src/operators/trim.ts'],
    ['the product imports its test kit', 'testing-is-for-tests: src/operators/kit.ts -> src/testing/marbles.ts'],
    ['types go in a circle', 'no-cycle: src/operators/kit.ts -> src/operators/trim.ts'],
    ['a file imports a barrel', 'no-barrel-import: src/operators/sdk.ts -> src/core/index.ts'],
    ['core imports more than rxjs', 'core-is-rxjs-only: src/core/up.ts -> node_modules/zod/index.js'],
    ['an SDK is reached from the main entry', 'one-subpath-a-provider: src/index.ts -> node_modules/openai/index.js'],
    ['a browser reaches Node', 'browsers-reach-no-node: src/openai.ts -> src/operators/node/file.ts'],
    ['a development dependency is imported', 'no-dev-dependency: src/operators/sdk.ts -> node_modules/yaml/index.js'],
    ['an import leads nowhere', 'resolvable: src/operators/lost.ts -> ./gone.js'],
    ['nothing reaches a file', 'unreached: src/operators/lost.ts -> src/operators/lost.ts'],
  ])('%s', (_what, violation) => {
    expect(found).toContain(violation);
  });

  test('rxjs in core is no violation', () => {
    expect(found.filter((violation) => violation.includes('node_modules/rxjs'))).toEqual([]);
  });
});
