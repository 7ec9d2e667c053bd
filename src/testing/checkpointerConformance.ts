import type { Checkpointer } from '../pregel/checkpoints/Checkpointer.js';
import { CheckpointerProbe } from './checkpointer/CheckpointerProbe.js';
import { commitCases } from './checkpointer/commitCases.js';
import { forkCases } from './checkpointer/forkCases.js';
import { hostileCases } from './checkpointer/hostileCases.js';
import { leaseCases } from './checkpointer/leaseCases.js';
import { randomCases } from './checkpointer/randomCases.js';
import { reopenCases } from './checkpointer/reopenCases.js';
import { retentionCases } from './checkpointer/retentionCases.js';
import { synchronousCases } from './checkpointer/synchronousCases.js';

/** What else a store can be held to. */
export interface ConformanceOptions<C extends Checkpointer = Checkpointer> {
  /** Another handle on the data of `store`, as another process has it: adds what must hold between the two. */
  readonly reopen?: (store: C) => C | Promise<C>;
  /** Whether it promises to complete within `subscribe`. Default: no. */
  readonly synchronous?: boolean;
}

/** One thing a store must do: `run` rejects when it doesn't. */
export interface ConformanceTest {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/**
 * What every `Checkpointer` must do, as tests for any test runner: commits and their fence, leases, forks, history, retention, hostile
 * ids and values, and random histories against a model. Each works on a thread of its own, so that stores may be shared.
 *
 * @param make the store, for each test; a database behind it may be the same
 *
 * @example
 * ```ts
 * import { checkpointerConformance } from 'rivulet/testing';
 * import { memoryCheckpointer } from 'rivulet/pregel';
 *
 * for (const { name, run } of checkpointerConformance(() => memoryCheckpointer(), { synchronous: true })) {
 *   await run().catch((error: Error) => { throw new Error(name, { cause: error }); }); // in a test runner: test(name, run)
 * }
 * ```
 */
export function checkpointerConformance<C extends Checkpointer>(
  make: () => C | Promise<C>,
  { reopen, synchronous = false }: ConformanceOptions<C> = {},
): readonly ConformanceTest[] {
  const cases = [...commitCases, ...leaseCases, ...forkCases, ...retentionCases, ...hostileCases, ...randomCases];
  if (reopen) cases.push(...reopenCases);
  if (synchronous) cases.push(...synchronousCases);
  return cases.map(({ name, run }) => ({
    name,
    run: async () => {
      const store = await make();
      const probe = new CheckpointerProbe(store, async () => (reopen ? reopen(store) : store));
      await run(probe);
      await probe.done(store.deleteThread(probe.thread));
    },
  }));
}
