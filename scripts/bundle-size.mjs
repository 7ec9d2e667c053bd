// Bundles the built package for a browser and holds it to two promises: the heart of it is small, and nothing that a
// browser loads needs Node or an optional peer that was not asked for.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { name, exports, dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);

const LIMIT = 20_000;
const HEART = ['chain', 'lambda', 'prompt', 'chat', 'text'];
/** What a subpath exists for. */
const OWN_PEER = { './openai': /^openai$/, './anthropic': /^@anthropic-ai\/sdk$/, './sqlite': /^libsql$/, './otel': /^@opentelemetry\// };

async function bundle(contents, external) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    external,
    tsconfigRaw: {}, // else its paths lead to src/
    logLevel: 'silent',
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  return { bytes: gzipSync(outputFiles[0].contents, { level: 9 }).length, imports };
}

const within = (path, peer) => path === peer || path.startsWith(`${peer}/`);
const problems = [];
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB gzip`;

async function check(title, contents, external, judge) {
  try {
    const { bytes, imports } = await bundle(contents, external);
    console.log(`${title.padEnd(44)}${kB(bytes)}`);
    problems.push(...judge(bytes, imports).map((problem) => `${title}: ${problem}`));
  } catch (error) {
    problems.push(...(error.errors ?? [{ text: error.message }]).map(({ text }) => `${title}: ${text}`));
  }
}

await check(`{ ${HEART.join(', ')} }`, `export { ${HEART.join(', ')} } from '${name}';`, ['rxjs'], (bytes) =>
  bytes > LIMIT ? [`${kB(bytes)}, the limit is ${kB(LIMIT)}`] : [],
);

const optional = Object.keys(peerDependenciesMeta);
const packages = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
for (const subpath of Object.keys(exports).filter((key) => key !== './package.json')) {
  const specifier = name + subpath.slice(1);
  await check(specifier, `export * from '${specifier}';`, packages, (_bytes, imports) =>
    imports
      .filter(({ path, kind }) => kind !== 'dynamic-import' && optional.some((peer) => !OWN_PEER[subpath]?.test(peer) && within(path, peer)))
      .map(({ path }) => `imports the optional peer ${path}: load it with import(), or only from its own subpath`),
  );
}

for (const problem of problems) console.error(`✗ ${problem}`);
process.exitCode = problems.length ? 1 : 0;
