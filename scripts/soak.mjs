// Kills runs with SIGKILL until they have come to their end, on SQLite and PostgreSQL: `npm run soak [-- --seed N --sqlite N --postgres N]`.
// What it kills is the present source: it needs no build. tests/crash/soak.ts says what is looked at.
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const outfile = resolve(`node_modules/.cache/soak-${process.pid}.mjs`);
try {
  await build({ entryPoints: ['tests/crash/soakMain.ts'], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'error' });
  await import(pathToFileURL(outfile).href);
} finally {
  rmSync(outfile, { force: true });
}
