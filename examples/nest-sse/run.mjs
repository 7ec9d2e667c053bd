// Node runs neither decorators nor, in every version, types: esbuild makes JavaScript of the app, and then it starts.
//   node examples/nest-sse/run.mjs
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const entry = new URL('main.ts', import.meta.url);
const bundle = new URL('../../dist/examples/nest-sse.mjs', import.meta.url);

await build({
  entryPoints: [fileURLToPath(entry)],
  outfile: fileURLToPath(bundle),
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
});
await import(bundle.href);
