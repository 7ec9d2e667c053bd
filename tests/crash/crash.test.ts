import { describe, expect, test } from '@jest/globals';
import { postgresCrashStore, sqliteCrashStore } from './crashStores.js';
import { soak, type SoakReport } from './soak.js';

const SEED = 1;
const MINUTE = 60_000;

/** All that a soak must show. `npm run soak` does ten times as much. */
function expectHeld({ problems, kills, reruns, kept }: SoakReport, runs: number): void {
  expect(problems).toEqual([]);
  expect([kills >= runs / 2, reruns + kept > 0]).toEqual([true, true]); // where a kill strikes, the clock has a say in
}

describe('K1, K3, F2: a process killed with SIGKILL', () => {
  test('on SQLite: its run goes on where it was, and only what was in flight runs again', async () => {
    expectHeld(await soak(sqliteCrashStore, { runs: 10, seed: SEED }), 10);
  }, MINUTE);

  test('on PostgreSQL: its run goes on where it was, and only what was in flight runs again', async () => {
    const store = await postgresCrashStore();
    if (!store) return; // it has said that there is none
    try {
      expectHeld(await soak(store, { runs: 5, seed: SEED }), 5);
    } finally {
      await store.leave();
    }
  }, MINUTE);
});
