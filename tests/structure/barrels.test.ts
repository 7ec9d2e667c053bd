import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

type Conditions = Record<string, unknown>;
const { exports } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  exports: Record<string, string | Conditions>;
};

const subpaths = Object.entries(exports).flatMap(([subpath, target]) => (typeof target === 'object' ? [{ subpath, target }] : []));

/** `./dist/testing/index.node.js` comes from `src/testing/index.node.ts`. */
const sourceOf = (conditions: unknown) => {
  const { import: module } = conditions as { import: { default: string } };
  return fileURLToPath(new URL(`../../${module.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts')}`, import.meta.url));
};
const namesOf = async (conditions: unknown) =>
  Object.keys((await import(sourceOf(conditions))) as object).sort();

describe('a subpath', () => {
  test.each(subpaths)('$subpath exports something, and nothing by default', async ({ target }) => {
    const names = await namesOf(target);
    expect(names).not.toEqual([]);
    expect(names).not.toContain('default');
  });

  test.each(subpaths.filter(({ target }) => 'node' in target))(
    '$subpath has the same names in a browser and in Node',
    async ({ target }) => {
      expect(await namesOf(target)).toEqual(await namesOf(target.node));
    },
  );
});
