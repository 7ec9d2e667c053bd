import { map, timer, type Observable } from 'rxjs';
import { aggregate, append, lastValue } from '../../src/channels/index.js';
import type { CompiledGraph, CompileOptions } from '../../src/pregel/compiledGraph.js';
import { END, START } from '../../src/pregel/graph/names.js';
import { send } from '../../src/pregel/graph/send.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';

const ROUNDS = 10;
const ITEMS = [1, 2, 3, 4] as const;

/** How many supersteps a run takes: a cycle of one task, then three siblings or four sent ones, then one that gathers. */
export const SUPERSTEPS = 3 * ROUNDS;

/** What the graph is run with. */
export const CRASH_INPUT = { log: ['begun'] };

export interface CrashState {
  readonly round: number;
  readonly log: readonly string[];
  readonly total: number;
}

/** Hears of each task's body as it starts and ends. */
export type Executed = (what: 'start' | 'end', taskId: string) => void;

/** Siblings take their own time, so that a crash finds some finished, some in flight and some due. Whatever runs twice is seen in the state. */
export function crashGraph(options: CompileOptions, executed: Executed = () => undefined): CompiledGraph<Partial<CrashState>, CrashState> {
  const after = <T>({ taskId }: { readonly taskId: string }, ms: number, update: T): Observable<T> => {
    executed('start', taskId);
    return timer(ms).pipe(map(() => {
      executed('end', taskId);
      return update;
    }));
  };
  return new StateGraph({ round: lastValue(0), log: append<string>(), total: aggregate('sum', 0) })
    .addNode('plan', ({ round }, run) => after(run, 1, { round: round + 1, log: `plan ${round + 1}` }))
    .addNode('left', ({ round }, run) => after(run, 1, { log: `left ${round}`, total: 1 }))
    .addNode('middle', ({ round }, run) => after(run, 3, { log: `middle ${round}`, total: 10 }))
    .addNode('right', ({ round }, run) => after(run, 5, { log: `right ${round}`, total: 100 }))
    .addNode('item', (item: number, run) => after(run, 2 * (ITEMS.length - item), { log: `item ${item}`, total: item }))
    .addNode('gather', ({ round, total }, run) => after(run, 1, { log: `gather ${round}: ${total}` }))
    .addEdge(START, 'plan')
    .addConditionalEdges('plan', ({ round }) => (round % 2 === 0 ? ['left', 'middle', 'right'] : ITEMS.map((item) => send('item', item))))
    .addEdge(['left', 'middle', 'right'], 'gather')
    .addEdge('item', 'gather')
    .addConditionalEdges('gather', ({ round }) => (round < ROUNDS ? 'plan' : END))
    .compile(options);
}
