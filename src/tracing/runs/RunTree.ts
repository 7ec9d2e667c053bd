import type { TracedRun } from './TracedRun.js';

/** A run, and those within it in the order in which they began. */
export interface RunTree {
  readonly run: TracedRun;
  readonly children: readonly RunTree[];
}

/** Where the runs within a run stand. */
interface Place {
  readonly children: RunTree[];
  readonly depth: number;
}

/** What lies deeper stands beside its parent, so that a tree can be walked and drawn. */
const MAX_DEPTH = 200;

/**
 * Runs as trees: those whose parent isn't among them are roots. A parent stands before its children.
 *
 * @example
 * ```ts
 * import { applyPatch, chat, scripted } from 'rivulet';
 * import { drawTree, runLog, treesOf, type RunLog } from 'rivulet/tracing';
 * import { scan } from 'rxjs';
 *
 * const log$ = chat(scripted([{ reply: 'Hello' }])).events('Hi').pipe(runLog(), scan(applyPatch<RunLog>, undefined));
 * log$.subscribe((log) => drawTree(treesOf(Object.values(log?.runs ?? {})))); // '✓ scripted llm  1 ms …' in the end
 * ```
 */
export function treesOf(runs: Iterable<TracedRun>): readonly RunTree[] {
  const places = new Map<string, Place>();
  const root: Place = { children: [], depth: 0 };
  for (const run of runs) {
    const tree = { run, children: [] };
    const above = (run.parentId === undefined ? undefined : places.get(run.parentId)) ?? root;
    above.children.push(tree);
    places.set(run.id, above.depth < MAX_DEPTH ? { children: tree.children, depth: above.depth + 1 } : above);
  }
  return root.children;
}
