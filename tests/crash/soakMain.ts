// `npm run soak -- [--seed N] [--sqlite N] [--postgres N]`: scripts/soak.mjs bundles and runs it.
import { parseArgs } from 'node:util';
import { postgresCrashStore, sqliteCrashStore, type CrashStore } from './crashStores.js';
import { soak } from './soak.js';

const count = (fallback: number) => ({ type: 'string', default: String(fallback) }) as const;
const { values } = parseArgs({ options: { seed: count(1), sqlite: count(100), postgres: count(50) } });
const [seed, sqlite, postgres] = [values.seed, values.sqlite, values.postgres].map(Number) as [number, number, number];
if (![seed, sqlite, postgres].every((value) => Number.isInteger(value) && value >= 0)) throw new Error('--seed, --sqlite and --postgres are whole numbers');

async function soaked(store: CrashStore | undefined, runs: number): Promise<void> {
  if (!store) throw new Error('There is no PostgreSQL: no initdb and postgres to start one, and no server by the PG variables. --postgres 0 leaves it out');
  try {
    const { kills, early, inCommit, supersteps, reruns, kept, seconds, problems } = await soak(store, { runs, seed });
    console.log(`${store.name}: seeds ${seed} to ${seed + runs - 1}, ${runs} runs, ${seconds.toFixed(1)} s`);
    console.log(`  ${kills} kills: ${early} before the first commit, at least ${inCommit} in a commit, in ${supersteps} different supersteps`);
    console.log(`  ${reruns} tasks in flight ran again; ${kept} finished siblings did not`);
    for (const problem of problems) console.log(`  PROBLEM ${problem}`);
    if (problems.length > 0) process.exitCode = 1;
  } finally {
    await store.leave();
  }
}

if (sqlite > 0) await soaked(sqliteCrashStore, sqlite);
if (postgres > 0) await soaked(await postgresCrashStore(), postgres);
