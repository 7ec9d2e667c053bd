// Looks at the built package as its users will: publint and attw on the packed tarball, then every subpath imported and
// required, where one name must mean one value whichever subpath it came from.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { name, version, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const cache = join(root, 'node_modules', '.cache', 'pack');
const tarball = join(cache, `${name}-${version}.tgz`);

function run(title, script, ...args) {
  console.log(`\n> ${title}`);
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}

/** What `rivulet/testing` has under a name of its own: what a timeline emits, and a tool that is one. */
const NAMESAKES = ['text', 'tool'];

/** Names that mean different values in two subpaths: code bundled twice, so that brands and classes don't match. */
const doubles = (modules) => {
  const names = new Set(modules.flatMap(Object.keys));
  return [...names].filter((key) => !NAMESAKES.includes(key) && new Set(modules.filter((module) => key in module).map((module) => module[key])).size > 1);
};

rmSync(cache, { recursive: true, force: true });
mkdirSync(cache, { recursive: true });
const npm = process.env.npm_execpath;
if (!npm) throw new Error('Run this by npm: npm run package');
run('npm pack', npm, 'pack', '--ignore-scripts', '--silent', '--pack-destination', cache);
run('publint', 'node_modules/publint/src/cli.js', tarball, '--strict');
run('attw', 'node_modules/@arethetypeswrong/cli/dist/index.js', tarball, '--profile', 'node16', '--no-definitely-typed');

console.log('\n> import and require');
const subpaths = Object.keys(exports).filter((key) => key !== './package.json').map((key) => name + key.slice(1));
const require = createRequire(import.meta.url);
const imported = await Promise.all(subpaths.map((subpath) => import(subpath)));
const required = subpaths.map((subpath) => require(subpath));
for (const [index, subpath] of subpaths.entries()) {
  console.log(`${subpath.padEnd(24)}${Object.keys(required[index]).length} names`);
}
const missing = subpaths.filter((_, i) => Object.keys(imported[i]).join() !== Object.keys(required[i]).sort().join());
for (const subpath of missing) console.error(`✗ ${subpath}: import and require don't give the same names`);
for (const key of [...doubles(imported), ...doubles(required)]) console.error(`✗ ${key} exists twice`);
if (missing.length || doubles(imported).length || doubles(required).length) process.exitCode = 1;
