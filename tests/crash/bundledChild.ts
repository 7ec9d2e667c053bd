import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

/** The process that is killed, of the present source, as JavaScript that Node runs; within the project, so that drivers are found. */
export async function bundledChild(): Promise<{ readonly path: string; readonly remove: () => void }> {
  const path = resolve(`node_modules/.cache/crash-${process.pid}-${Date.now()}.mjs`);
  await build({ entryPoints: [resolve('tests/crash/crashChild.ts')], outfile: path, bundle: true, platform: 'node', format: 'esm', external: ['libsql', 'pg'], logLevel: 'error' });
  return { path, remove: () => rmSync(path, { force: true }) };
}
