// npm run simulate -- --seeds 100000 [--from 1]: the engine in virtual time, with everything going wrong that may, seed by seed.
// A seed that fails does so always: `--from SEED --seeds 1` prints what happened. Needs the built JavaScript.
import { parseArgs } from 'node:util';
import { simulate } from 'rivulet/testing';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '1000' }, from: { type: 'string', default: '1' } } });
const [seeds, from] = [count('seeds'), count('from')];
const started = performance.now();
const failed = [];

for (let done = 0; done < seeds; done++) {
  const { seed, findings, trace } = simulate(from + done);
  if (seeds === 1) console.log(trace.join('\n'));
  if (findings.length > 0) tell(seed, findings);
  if ((done + 1) % 1_000 === 0 && done + 1 < seeds) console.log(`${done + 1} of ${seeds} seeds, ${failed.length} failed, ${seconds()} s`);
}
console.log(`${seeds} seeds from ${from}: ${failed.length === 0 ? 'nothing found' : `${failed.length} failed`}, ${seconds()} s`);
process.exitCode = failed.length === 0 ? 0 : 1;

function count(name) {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value > 0) return value;
  console.error(`--${name} takes a whole number from 1, and got '${values[name]}'`);
  process.exit(2);
}

function tell(seed, findings) {
  failed.push(seed);
  console.log(`seed ${seed} failed:`);
  for (const finding of findings) console.log(`  ${finding}`);
  console.log(`  again: npm run simulate -- --from ${seed} --seeds 1`);
}

function seconds() {
  return ((performance.now() - started) / 1_000).toFixed(1);
}
