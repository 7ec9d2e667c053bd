// Bundles a long test of the present source and runs it: `node scripts/soak.mjs ENTRY [options]`. It needs no build.
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [entry] = process.argv.splice(2, 1);
const outfile = resolve(`node_modules/.cache/soak-${process.pid}.mjs`);
/** The source, as the tests have it. */
const alias = Object.fromEntries(['testing', 'tracing'].map((name) => [`rivulet/${name}`, resolve(`src/${name}/index.node.ts`)]));
const options = { bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'error' };
try {
  await build({ ...options, entryPoints: [entry], outfile, alias: { ...alias, 'rivulet/otel': resolve('src/otel.ts'), rivulet: resolve('src/index.ts') } });
  await import(pathToFileURL(outfile).href);
} finally {
  rmSync(outfile, { force: true });
}
