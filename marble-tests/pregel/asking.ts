import { map, type Observable } from 'rxjs';
import { append, lastValue } from '../../src/channels/index.js';
import type { RunScope } from '../../src/core/context/RunScope.js';
import { START } from '../../src/pregel/graph/names.js';
import { StateGraph } from '../../src/pregel/graph/StateGraph.js';

/** An update that adds words, as JSON. */
export const said = (...words: readonly unknown[]): { readonly said: readonly string[] } => ({ said: words.map((word) => JSON.stringify(word) ?? 'undefined') });

/** A graph of nodes that all run at once, and write what they were told to `said`. */
export function asking(nodes: Readonly<Record<string, (run: RunScope) => unknown>>): StateGraph<{ said: ReturnType<typeof append<string>>; n: ReturnType<typeof lastValue<number>> }> {
  const graph = new StateGraph({ said: append<string>(), n: lastValue(0) });
  for (const [name, body] of Object.entries(nodes)) graph.addNode(name, ((_: unknown, run: RunScope) => body(run)) as never).addEdge(START, name as never);
  return graph as never;
}

/** Asks, and says the answer. */
export const yes = (run: RunScope): Observable<unknown> => run.interrupt('ok?').pipe(map((answer) => said(answer)));

/** A graph that `asking` makes, compiled. */
export type AskingGraph = ReturnType<ReturnType<typeof asking>['compile']>;
