import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';

const source = readFileSync(new URL('../../src/core/errors/errorCode.ts', import.meta.url), 'utf8');
const codes = [...source.matchAll(/'([A-Z_]+)'/g)].map((match) => match[1]);
const pages = new URL('../../docs/errors/', import.meta.url);

test('every error code has a page, and every page a code', () => {
  const named = readdirSync(pages).filter((file) => file !== 'README.md').map((file) => file.replace(/\.md$/, ''));
  expect(named.sort()).toEqual([...codes].sort());
});

test('the index of errors lists every code', () => {
  const index = readFileSync(new URL('README.md', pages), 'utf8');
  expect([...index.matchAll(/^- \[([A-Z_]+)\]/gm)].map((match) => match[1]).sort()).toEqual([...codes].sort());
});
