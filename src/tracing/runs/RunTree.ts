import type { TracedRun } from './TracedRun.js';

/** A run, and those within it in the order in which they began. */
export interface RunTree {
  readonly run: TracedRun;
  readonly children: readonly RunTree[];
}

/** Runs as trees: those whose parent isn't among them are roots. A parent stands before its children. */
export function treesOf(runs: Iterable<TracedRun>): readonly RunTree[] {
  const children = new Map<string, RunTree[]>();
  const roots: RunTree[] = [];
  for (const run of runs) {
    const tree = { run, children: [] };
    const siblings = run.parentId === undefined ? undefined : children.get(run.parentId);
    (siblings ?? roots).push(tree);
    children.set(run.id, tree.children);
  }
  return roots;
}
