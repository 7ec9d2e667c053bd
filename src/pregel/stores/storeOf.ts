import type { RunScope } from '../../core/context/RunScope.js';
import type { Store } from './Store.js';

/**
 * The store of the graph that a callback's `run` belongs to: for tools and flows inside nodes. A node itself has it as `run.store`.
 *
 * @throws RivuletError `NO_STORE` when the graph was compiled without one; `NOT_IN_TASK` outside a node
 *
 * @example
 * ```ts
 * import { tool } from 'rivulet';
 * import { storeOf } from 'rivulet/pregel';
 * import { map } from 'rxjs';
 * import { z } from 'zod';
 *
 * const remember = tool({
 *   name: 'remember',
 *   description: 'Keeps a note for later threads.',
 *   input: z.object({ note: z.string() }),
 *   run: ({ note }, run) => storeOf(run).put(['notes'], run.taskId, { note }).pipe(map(() => 'noted')),
 * });
 * ```
 */
export function storeOf(run: RunScope): Store {
  return run.store as Store;
}
