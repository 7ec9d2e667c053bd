import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printable } from '../../src/core/text/printable.js';
import { arithmetic } from '../../src/cli/tools/arithmetic.js';
import { fileTools } from '../../src/cli/tools/fileTools.js';
import { workspace } from '../../src/cli/tools/workspace.js';

describe('arithmetic', () => {
  test.each([
    ['2 + 3 * 4', 14],
    ['(2 + 3) * 4', 20],
    ['2 ^ 3 ^ 2', 512],
    ['-2 ^ 2', -4],
    ['10 - 4 - 3', 3],
    ['7 % 4 / 2', 1.5],
    ['1.5e3 + .5', 1500.5],
    ['2 * -3', -6],
  ])('%s is %d', (expression, value) => {
    expect(arithmetic(expression)).toBe(value);
  });

  test.each(['', '2 +', '(1', '1)', '2 2', 'process.exit()', '1 + x', '('.repeat(500)])('%j is refused', (expression) => {
    expect(() => arithmetic(expression)).toThrow();
  });

  test('agrees with JavaScript on every expression of + - * / and parentheses', () => {
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof({ depthSize: 'small' }, fc.integer({ min: 0, max: 99 }).map(String), fc.tuple(tie('expression'), fc.constantFrom('+', '-', '*', '/'), tie('expression')).map(([a, operator, b]) => `(${a}) ${operator} ${b}`)),
    }));
    fc.assert(fc.property(expression.filter((text) => text.length < 900), (text) => {
      expect(arithmetic(text)).toBe(new Function(`return ${text}`)());
    }));
  });
});

describe('workspace', () => {
  const outside = mkdtempSync(join(tmpdir(), 'rivulet-outside-'));
  const root = mkdtempSync(join(tmpdir(), 'rivulet-files-'));

  beforeAll(() => {
    mkdirSync(join(root, 'src', 'deep'), { recursive: true });
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'readme.md'), 'hello\nworld\n');
    writeFileSync(join(root, 'src', 'deep', 'a.ts'), 'const a = 1;\n');
    writeFileSync(join(root, 'node_modules', 'b.ts'), '');
    writeFileSync(join(outside, 'secret'), 'secret');
    symlinkSync(outside, join(root, 'link'));
  });
  afterAll(() => {
    for (const folder of [root, outside]) rmSync(folder, { recursive: true });
  });

  test('lists what is below, without dependencies, by extension', async () => {
    expect(await workspace(root).list('.', undefined)).toEqual(['readme.md', 'src/deep/a.ts']);
    expect(await workspace(root).list('src', '.ts')).toEqual(['src/deep/a.ts']);
  });

  test.each(['..', '../secret', 'link/secret', '/etc/hostname', 'src/../../x'])('nothing outside is read: %s', async (path) => {
    await expect(workspace(root).read(path)).rejects.toThrow(/outside|there is no/);
  });

  test('the tools count, read and search', async () => {
    const [list, read, search] = fileTools(root);
    expect(await list?.invoke({})).toBe('2 files, 3 lines\nreadme.md\nsrc/deep/a.ts');
    expect(await read?.invoke({ path: 'readme.md', from: 2, lines: 1 })).toBe('world');
    expect(await search?.invoke({ text: 'const' })).toBe('src/deep/a.ts:1: const a = 1;\n');
    expect(await search?.invoke({ text: 'nowhere' })).toBe("no file contains 'nowhere'");
  });
});

test('what a model says can not move the cursor', () => {
  expect(printable('a\u001b[2Jb\r\u0007\n\tc')).toBe('a[2Jb\n\tc');
});
