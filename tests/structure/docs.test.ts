import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Writes the code blocks of the documentation below `from` to its `tests/.generated`, and names the files. */
function extract(from: string) {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/doc-blocks.mjs'), from], { encoding: 'utf8' });
  const folder = join(from, 'tests/.generated');
  return { stderr, folder, files: status === 0 ? readdirSync(folder).sort() : [] };
}

describe('every code block of the documentation runs', () => {
  const { folder, files, stderr } = extract(root);
  const blocks = files.filter((file) => !file.endsWith('.noRun.ts')).map((file) => join(folder, file));
  const titled = blocks.map((path) => [readFileSync(path, 'utf8').split('\n', 1)[0]?.slice(3), path] as const);

  afterEach(() => void jest.restoreAllMocks());

  test('its fences are known', () => expect(stderr).toBe(''));

  test('and tsc checks it', () => {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as { config: object };
    const checked = new Set(ts.parseJsonConfigFileContent(config, ts.sys, root).fileNames);
    expect(files.map((file) => join(folder, file)).filter((path) => !checked.has(path))).toEqual([]);
  });

  test.each(titled)('%s', async (_title, path) => {
    for (const method of ['log', 'warn', 'error', 'info'] as const) jest.spyOn(console, method).mockImplementation(() => {});
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    await import(path);
  });
});

describe('a code block', () => {
  const inTempFolder = (files: Record<string, string>, look: (extracted: ReturnType<typeof extract>) => void) => {
    const folder = mkdtempSync(join(tmpdir(), 'rivulet-docs-'));
    try {
      for (const sub of ['docs/decisions', 'src']) mkdirSync(join(folder, sub), { recursive: true });
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      look(extract(folder));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  const block = (code: string, mode = '') => `\`\`\`ts${mode}\n${code}\n\`\`\`\n`;

  test('is found in the README, a guide and a doc comment, with its line', () => {
    const comment = `const x = 1;\n\n/**\n * Says.\n *\n${block('a * b;').replace(/^(?=.)/gm, ' * ')} */\n`;
    inTempFolder({ 'README.md': `# Title\n\n${block('one();')}`, 'docs/guide.md': block('two();'), 'src/three.ts': comment }, ({ folder, files }) => {
      expect(files).toEqual(['README_3.ts', 'docs_guide_1.ts', 'src_three_6.ts']);
      expect(readFileSync(join(folder, 'src_three_6.ts'), 'utf8')).toBe('// src/three.ts:6\nexport {};\na * b;\n');
    });
  });

  test('that says no-run is checked only, other languages and decisions are left alone', () => {
    const readme = `${block('key();', ' no-run')}\n\`\`\`text\n--a--|\n\`\`\`\n`;
    inTempFolder({ 'README.md': readme, 'docs/decisions/0001-x.md': block('sketch();') }, ({ files }) => {
      expect(files).toEqual(['README_1.noRun.ts']);
    });
  });

  test('with an unknown word on its fence is an error that names the place', () => {
    inTempFolder({ 'README.md': block('x();', ' norun') }, ({ stderr }) => {
      expect(stderr).toContain('README.md:1: unknown fence "ts norun"');
    });
  });
});
