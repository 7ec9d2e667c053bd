// Writes each ```ts block of the documentation to tests/.generated/, a module a block: `tsc` checks them there and
// tests/structure/docs.test.ts runs them. A block fenced ```ts no-run is only checked.
// Usage: node scripts/doc-blocks.mjs [root of the project]
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)));
const out = join(root, 'tests', '.generated');
const FENCE = /^([ \t]*)(`{3,})ts(?: +([^\n`]*?))?[ \t]*\n([\s\S]*?)^\1\2[ \t]*$/gm;

const filesBelow = (folder, ending) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true })
        .filter((file) => file.endsWith(ending))
        .map((file) => join(folder, file))
    : [];

const isGuide = (file) => !file.startsWith(join('docs', 'decisions')) && !file.startsWith(join('docs', 'api'));

/** The doc comments of a source, each line where it was; all else is blank. */
function docComments(source) {
  let text = '';
  let end = 0;
  for (const match of source.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    text += source.slice(end, match.index).replace(/[^\n]/g, '') + match[0].replace(/^[ \t]*\*(?!\/) ?/gm, '');
    end = match.index + match[0].length;
  }
  return text;
}

/** Each block of a text as the module to write. */
function* modulesIn(file, text) {
  const path = file.split(sep).join('/');
  for (const { index, 1: indent, 3: mode, 4: code } of text.matchAll(FENCE)) {
    const line = text.slice(0, index).split('\n').length;
    if (mode && mode !== 'no-run') throw new Error(`${path}:${line}: unknown fence "ts ${mode}": use "ts" or "ts no-run".`);
    const body = code.replace(new RegExp(`^${indent}`, 'gm'), '');
    const name = `${path.replace(/\.(md|ts)$/, '').replaceAll('/', '_')}_${line}${mode ? '.noRun' : ''}.ts`;
    yield [name, `// ${path}:${line}\nexport {};\n${body}`];
  }
}

const modules = new Map();
for (const file of ['README.md', ...filesBelow('docs', '.md').filter(isGuide)]) {
  if (!existsSync(join(root, file))) continue;
  for (const [name, code] of modulesIn(file, readFileSync(join(root, file), 'utf8'))) modules.set(name, code);
}
for (const file of filesBelow('src', '.ts').filter((path) => !path.endsWith('.test.ts'))) {
  for (const [name, code] of modulesIn(file, docComments(readFileSync(join(root, file), 'utf8')))) modules.set(name, code);
}

mkdirSync(out, { recursive: true });
for (const name of readdirSync(out).filter((stale) => !modules.has(stale))) rmSync(join(out, name));
for (const [name, code] of modules) {
  const path = join(out, name);
  if (!existsSync(path) || readFileSync(path, 'utf8') !== code) writeFileSync(path, code);
}
console.log(`${modules.size} blocks in ${relative(root, out)}`);
