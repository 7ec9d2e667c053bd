import { defaultIfEmpty, forkJoin, map, of, type Observable } from 'rxjs';
import type { RunContext } from '../../core/context/RunContext.js';
import { mapAsync } from '../../core/demand/mapAsync.js';
import type { Checkpointer, LineAddress } from '../checkpoints/Checkpointer.js';
import type { GraphPlan } from '../graph/GraphPlan.js';
import type { DueTask } from './Checkpoint.js';
import { CallNames } from './CallNames.js';
import { pathNamespace } from './homes.js';
import { LeaseHolder } from './LeaseHolder.js';
import { stateSnapshot, type StateSnapshot, type TaskSnapshot } from './StateSnapshot.js';
import { ThreadLine, type Loaded } from './ThreadLine.js';

/** A branch of a thread of a graph, or of a graph within one. */
export interface ReadLine {
  readonly plan: GraphPlan;
  readonly store: Checkpointer;
  readonly at: LineAddress;
  readonly context: RunContext;
  /** The nodes that lead to the graph. */
  readonly path?: readonly string[];
}

/**
 * The state of a line, at its head or an older checkpoint; none for one without a commit.
 *
 * @param subgraphs whether the states of the graphs that run in its tasks are wanted as well
 */
export function threadState<S>(line: ReadLine, checkpointId: string | undefined, subgraphs: boolean): Observable<StateSnapshot<S>> {
  const loaded$ = load(line, checkpointId);
  return subgraphs ? loaded$.pipe(mapAsync((loaded) => withSubgraphs<S>(line, loaded))) : loaded$.pipe(map((loaded) => stateSnapshot<S>(loaded)));
}

function load({ plan, store, at, context }: ReadLine, checkpointId?: string): Observable<Loaded> {
  return new ThreadLine(plan, { store, at, holder: new LeaseHolder('') }, context).load(checkpointId);
}

function withSubgraphs<S>(line: ReadLine, loaded: Loaded): Observable<StateSnapshot<S>> {
  const snapshot = stateSnapshot<S>(loaded);
  if (snapshot.tasks.length === 0) return of(snapshot);
  const tasks = loaded.checkpoint.due.map((due, at) => withSubgraph(line, due, snapshot.tasks[at] as TaskSnapshot));
  return forkJoin(tasks).pipe(map((all) => ({ ...snapshot, tasks: all })));
}

/** A task's graph is kept by its call, or by its path, where another call may be what was there last. */
function withSubgraph(line: ReadLine, { id, node }: DueTask, task: TaskSnapshot): Observable<TaskSnapshot> {
  const plan = line.plan.nodes.get(node)?.subgraph;
  if (!plan) return of(task);
  const path = [...(line.path ?? []), node];
  const call = new CallNames(id).next();
  const within = (namespace: string): ReadLine => ({ ...line, plan, path, at: { ...line.at, namespace } });
  const found = [call, pathNamespace(path)].map((namespace) =>
    load(within(namespace)).pipe(
      mapAsync((loaded) => (loaded.call === call ? withSubgraphs<unknown>(within(namespace), loaded) : of(undefined))),
      defaultIfEmpty(undefined),
    ),
  );
  return forkJoin(found).pipe(
    map((graphs) => {
      const graph = graphs.find((one) => one !== undefined);
      return graph ? { ...task, graph } : task;
    }),
  );
}
