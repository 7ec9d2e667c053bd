import { expect, test } from '@jest/globals';
import { NEVER, Observable } from 'rxjs';
import { append } from '../../channels/append.js';
import { lambda } from '../../core/flow/lambda.js';
import { START } from '../graph/names.js';
import { send } from '../graph/send.js';
import { StateGraph } from '../graph/StateGraph.js';

/** Never ends by itself; counts how often it was begun, and how often it was ended. */
function endless() {
  const count = { begun: 0, ended: 0 };
  const source = new Observable<never>(() => {
    count.begun++;
    return () => void count.ended++;
  });
  return { count, source };
}

test('what a node began and left running ends with its task, not with the superstep', () => {
  const { count, source } = endless();
  const background = lambda(() => source);
  const graph = new StateGraph({ said: append<string>() })
    .addNode('quick', (_, run) => {
      background.invoke('', run).catch(() => undefined);
      return { said: 'quick' };
    })
    .addNode('slow', () => NEVER)
    .addEdge(START, 'quick')
    .addEdge(START, 'slow')
    .compile();
  const subscription = graph.run({}).subscribe();
  expect(count).toEqual({ begun: 1, ended: 1 });
  subscription.unsubscribe();
});

test('an unsubscribe ends every task of the superstep', () => {
  const { count, source } = endless();
  const graph = new StateGraph({ said: append<string>() })
    .addNode('plan', () => undefined)
    .addNode('wait', (_: number) => source)
    .addEdge(START, 'plan')
    .addConditionalEdges('plan', () => Array.from({ length: 100 }, (_, at) => send('wait', at)))
    .compile();
  const subscription = graph.run({}).subscribe();
  expect(count).toEqual({ begun: 100, ended: 0 });
  subscription.unsubscribe();
  expect(count).toEqual({ begun: 100, ended: 100 });
});
