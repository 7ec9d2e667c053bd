import { describe, expect, test } from '@jest/globals';
import { observeOn, asyncScheduler } from 'rxjs';
import { sqliteCheckpointer } from '../../src/pregel/checkpoints/sqlite/sqliteCheckpointer.js';
import { simulate } from '../../src/testing/simulate/simulate.js';
import type { SimulationOptions } from '../../src/testing/simulate/SimulationOptions.js';
import { changed, PLANTED_BUGS } from './plantedBugs.js';

const BLOCKS = Array.from({ length: 6 }, (_, at) => 50 * at + 1);
const MOST_SEEDS = 1_000;

const seeds = (count: number, from = 1): readonly number[] => Array.from({ length: count }, (_, at) => from + at);

const failing = (tried: readonly number[], options?: SimulationOptions): readonly unknown[] =>
  tried.map((seed) => simulate(seed, options)).flatMap(({ seed, findings }) => (findings.length > 0 ? [{ seed, findings }] : []));

describe('simulate', () => {
  test.each(BLOCKS)('finds nothing wrong with the engine: 50 seeds from %i', (from) => {
    expect(failing(seeds(50, from))).toEqual([]);
  });

  test('finds nothing wrong with the engine on SQLite', () => {
    expect(failing(seeds(5), { store: (scheduler) => sqliteCheckpointer(':memory:', { scheduler }) })).toEqual([]);
  });

  test('goes the same way for the same seed', () => {
    for (const seed of [1, 2, 3]) expect(simulate(seed).trace.join('\n')).toBe(simulate(seed).trace.join('\n'));
    expect(simulate(1).trace).not.toEqual(simulate(2).trace);
  });

  test('lets everything go wrong that may', () => {
    const told = seeds(60).flatMap((seed) => simulate(seed).trace).join('\n');
    const lacking = (all: readonly string[], line: (one: string) => string): readonly string[] => all.filter((one) => !told.includes(line(one)));
    expect(lacking(['acquire', 'renew', 'release', 'load', 'putPending', 'commit'], (operation) => `: ${operation} takes`)).toEqual([]);
    expect(lacking(['before', 'after'], (when) => `fails ${when} it is done`)).toEqual([]);
    expect(lacking(['before load', 'after commit', 'after the answer of putPending'], (where) => `crashes ${where}\n`)).toEqual([]);
    expect(lacking(['over', 'left', 'flaky', 'THREAD_BUSY', 'LEASE_LOST', 'STALE_CHECKPOINT', 'STORE_FAILED', 'UNKNOWN_INTERRUPT'], (end) => `: ${end}\n`)).toEqual([]);
  });

  test('says that a store isn’t synchronous', () => {
    const view: SimulationOptions['view'] = (store) => changed(store, { release: (...args) => store.release(...args).pipe(observeOn(asyncScheduler)) });
    const [first] = failing([1], { store: () => view(sqliteCheckpointer(':memory:')) });
    expect(first).toMatchObject({ findings: [expect.stringContaining('did not answer release within subscribe')] });
  });
});

describe(`simulate, with a bug planted: found within ${MOST_SEEDS} seeds`, () => {
  test.each(Object.entries(PLANTED_BUGS))('%s', (_name, { plant, finding }) => {
    const found = seeds(MOST_SEEDS).find((seed) => simulate(seed, { view: plant() }).findings.some((one) => finding.test(one)));
    expect(found).toBeDefined();
  });
});
