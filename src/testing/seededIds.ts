/**
 * Ids that count: `id-1`, `id-2` … for `RunConfig.ids`, so that two runs of a test say the same.
 *
 * @example
 * ```ts
 * import { lambda } from 'rivulet';
 * import { seededIds } from 'rivulet/testing';
 *
 * const nameIt = lambda((_: string, run) => run.runId);
 * const result = await nameIt.invoke('x', { ids: seededIds('run') }); // 'run-1'
 * ```
 */
export function seededIds(prefix = 'id'): () => string {
  let count = 0;
  return () => `${prefix}-${++count}`;
}
