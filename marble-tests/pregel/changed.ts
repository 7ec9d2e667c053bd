import type { Checkpointer } from '../../src/pregel/checkpoints/Checkpointer.js';

/** A store whose methods are changed. */
export function changed(store: Checkpointer, change: (store: Checkpointer) => Partial<Checkpointer>): Checkpointer {
  const methods = Object.fromEntries((['acquire', 'renew', 'release', 'commit', 'putPending', 'load', 'history', 'fork', 'prune', 'deleteThread', 'threads'] as const).map((name) => [name, (store[name] as (...args: unknown[]) => unknown).bind(store)]));
  return { ...methods, ...change(store) } as unknown as Checkpointer;
}
